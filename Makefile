# Everything a person types. `setup` makes .venv; the others call it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OLDER := $(VENV)/duckdb-1.5

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench docs lock clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) $(OLDER)/.ready ## Make .venv with the locked dependencies

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# DuckDB 1.5 lies beside the environment, where no import finds it: only the tests ask whether people who have it can
# open our file. The demo and production do without.
$(OLDER)/.ready: tests/duckdb-1.5.lock $(READY)
	@rm -rf $(OLDER)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--target $(OLDER) -r tests/duckdb-1.5.lock
	@touch $@

demo: $(READY) ## A week of invented firms: loopback sites → database → briefing
	$(BIN)/scrapy demo

test: setup ## Run the tests
	$(BIN)/python -m pytest

lint: setup ## Check style (ruff) and types (mypy, strict)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup ## Measure speed and memory on this machine
	$(BIN)/python -m tests.bench

docs: $(READY) ## Write docs/data-dictionary.md from the database and docs/sources.md from the declarations
	$(BIN)/python -m pipelines.store.dictionary docs/data-dictionary.md
	$(BIN)/python -m crawler.source_docs docs/sources.md

lock: setup ## Renew requirements.lock from pyproject.toml, and DuckDB 1.5 for the tests
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --group dev \
		--no-header --no-annotate --output-file requirements.lock pyproject.toml
	printf 'duckdb~=1.5.0\nduckdb-cli~=1.5.0\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --upgrade --no-header --no-annotate --output-file tests/duckdb-1.5.lock -

clean: ## Remove .venv and caches, but never var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
