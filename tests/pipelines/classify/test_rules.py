"""The rules are data: versioned by what they say, and refused with the file and the place of a mistake."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from pipelines.classify import Classifier, RulesError, Subject, rules_version
from pipelines.classify.rules import DEFAULT_PATH
from pipelines.classify.weights import WEIGHTS_PATH

READING, FRIENDS, NAMES = "10_reading.toml", "20_not_health.toml", "30_names.toml"
DEVICES, DRUGS, REGISTERS = "40_devices.toml", "50_drugs.toml", "95_registers.toml"
NEW_RULE = '\n[[name]]\nid = "name.sample"\nsector = "medical_devices"\nstrength = "strong"\nterms = ["样本奇器"]\n'


def copied(folder: Path) -> Path:
    """A copy of the packaged rules."""
    return Path(shutil.copytree(DEFAULT_PATH, folder / "rules"))


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the packaged rules with the first `old` of one file replaced."""
    rules = copied(folder)
    text = (rules / name).read_text(encoding="utf-8")
    assert old in text
    (rules / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return rules


def added(folder: Path, name: str, lines: str) -> Path:
    """A copy of the packaged rules with lines added to one file."""
    rules = copied(folder)
    with (rules / name).open("a", encoding="utf-8") as file:
        file.write(lines)
    return rules


def place(name: str, rule: str) -> str:
    """Where a packaged rule stands in its file, as a refusal should say it: name[3] 'name.devices'."""
    tables = tomllib.loads((DEFAULT_PATH / name).read_text(encoding="utf-8"))
    for table, rules in tables.items():
        for number, one in enumerate(rules if isinstance(rules, list) else (), start=1):
            if isinstance(one, dict) and one.get("id") == rule:
                return f"{table}[{number}] {rule!r}"
    raise AssertionError(f"{name} holds no {rule}")


def refusal(rules: Path, weights: Path | None = None) -> RulesError:
    with pytest.raises(RulesError) as caught:
        Classifier(rules, weights)
    assert str(caught.value).startswith(f"{caught.value.path}: {caught.value.place}: ")
    return caught.value


def test_the_version_is_the_declared_one_a_fingerprint_of_the_rules_and_one_of_the_weights() -> None:
    assert Classifier().rules_version == rules_version()
    declared, _, fingerprints = rules_version().partition("+")
    assert f'version = "{declared}"' in (DEFAULT_PATH / READING).read_text(encoding="utf-8")
    assert re.fullmatch(r"[0-9a-f]{8}\.[0-9a-f]{8}", fingerprints)


def test_a_changed_rule_is_another_version_even_if_none_was_declared(tmp_path: Path) -> None:
    version = Classifier(changed(tmp_path, NAMES, 'strength = "certain"', 'strength = "strong"')).rules_version
    declared, _, fingerprints = version.partition("+")
    packaged, _, of_packaged = rules_version().partition("+")
    assert declared == packaged
    assert fingerprints.split(".")[0] != of_packaged.split(".")[0]
    assert fingerprints.split(".")[1] == of_packaged.split(".")[1], "the weights are the same"


def test_a_changed_weight_is_another_version_and_another_origin_is_not(tmp_path: Path) -> None:
    text = WEIGHTS_PATH.read_text(encoding="utf-8")
    path = tmp_path / "weights.toml"
    path.write_text(re.sub(r"(?m)^silence = .*$", "silence = 0.75", text), encoding="utf-8")
    version = Classifier(weights_path=path).rules_version
    assert version.split(".")[:-1] == rules_version().split(".")[:-1]
    assert version != rules_version()
    path.write_text(re.sub(r"(?m)^judged = .*$", "judged = 1", text), encoding="utf-8")
    assert Classifier(weights_path=path).rules_version == rules_version()


def test_comments_layout_and_the_names_of_the_files_do_not_change_the_version(tmp_path: Path) -> None:
    rules = changed(tmp_path, READING, "# Which words", "# What words")
    (rules / DRUGS).rename(rules / "51_medicines.toml")
    assert Classifier(rules).rules_version == rules_version()


def test_the_order_of_rules_does(tmp_path: Path) -> None:
    other = NEW_RULE.replace("name.sample", "name.sample-too").replace("样本奇器", "样本奇药")
    one = Classifier(added(tmp_path / "one", NAMES, NEW_RULE + other)).rules_version
    assert Classifier(added(tmp_path / "other", NAMES, other + NEW_RULE)).rules_version != one


def test_a_label_names_the_rules_that_judged(tmp_path: Path) -> None:
    classifier = Classifier(changed(tmp_path, NAMES, 'strength = "certain"', 'strength = "strong"'))
    for subject in (Subject("上海甲乙贸易有限公司", "百货"), Subject("上海甲乙医院有限公司", "内科")):
        assert classifier.classify(subject).rules_version == classifier.rules_version != rules_version()


def test_a_rule_that_is_added_speaks_at_once(tmp_path: Path) -> None:
    subject = Subject("上海样本奇器有限公司")
    assert Classifier().classify(subject).evidence == ()
    label = Classifier(added(tmp_path, NAMES, NEW_RULE)).classify(subject)
    assert [(span.text, span.rule) for span in label.evidence] == [("样本奇器", "name.sample")]


def test_rules_may_lie_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    texts = [file.read_text(encoding="utf-8") for file in sorted(DEFAULT_PATH.glob("*.toml"))]
    # Keys of the whole stand before the first table in TOML.
    codes = re.compile(r"(?m)^industry_not_health = .*$")
    path.write_text("\n".join([*codes.findall(texts[-1]), *texts[:-1], codes.sub("", texts[-1])]), encoding="utf-8")
    assert Classifier(path).rules_version == rules_version()


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "key"),
    [
        (
            NAMES,
            'id = "name.devices"\nsector = "medical_devices"',
            'id = "name.devices"\nsector = "gadgets"',
            "name.devices",
            " sector",
        ),
        (NAMES, 'strength = "certain"', 'strength = "sure"', "name.pharmacy", " strength"),
        (FRIENDS, 'animals"\nrefutes = true', 'animals"\nrefuses = true', "friend.animals", " refuses"),
        (REGISTERS, '["2770"]', '["C2770"]', "industry.medical-supplies", " codes[1]"),
        (REGISTERS, 'kind = "drug_trading"', 'kind = "drug_dealing"', "licence.drug-trading", " kind"),
        (REGISTERS, '"2770"', "2770", "industry.medical-supplies", " codes[1]"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_file_and_its_place_there(
    tmp_path: Path, file: str, old: str, new: str, rule: str, key: str
) -> None:
    error = refusal(changed(tmp_path, file, old, new))
    assert error.path.name == file
    assert error.place == place(file, rule) + key


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('version = "', 'version = "" #', "version"),
        ("name_chars = 200", "name_chars = 5", "limits name_chars"),
        ("scope_chars = 10000", "", "limits scope_chars"),
        ('version = "', 'fingerprint = "x"\nversion = "', "fingerprint"),
        ('version = "', 'colour = "x"\nversion = "', "colour"),
        ('version = "', "version = #", "syntax"),
        ("[scope_reading]", "[scope_reeding]", "scope_reading"),
    ],
)
def test_what_is_said_once_is_checked_too(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert refusal(changed(tmp_path, READING, old, new)).place == told


def test_a_syntax_error_names_its_file_and_line(tmp_path: Path) -> None:
    text = (DEFAULT_PATH / READING).read_text(encoding="utf-8")
    line = text.split('version = "', maxsplit=1)[0].count("\n") + 1
    error = refusal(changed(tmp_path, READING, 'version = "', "version = #"))
    assert error.path.name == READING
    assert f"line {line}" in str(error)


def test_an_id_that_is_used_twice_is_refused_where_it_stands_the_second_time(tmp_path: Path) -> None:
    error = refusal(added(tmp_path, NAMES, NEW_RULE.replace("name.sample", "name.devices")))
    assert error.path.name == NAMES
    assert error.place.endswith("'name.devices' id")
    assert error.place != f"{place(NAMES, 'name.devices')} id"


def test_no_rule_speaks_for_none(tmp_path: Path) -> None:
    error = refusal(added(tmp_path, NAMES, NEW_RULE.replace("medical_devices", "none")))
    assert "'name.sample' sector: 'none' belongs under not_health" in str(error)


def test_what_is_made_unless_traded_needs_a_sector_for_what_is_made(tmp_path: Path) -> None:
    rule = NEW_RULE.replace("name", "scope") + "made_unless_traded = true\n"
    assert "'scope.sample' made_unless_traded: needs a made_sector" in str(refusal(added(tmp_path, DEVICES, rule)))


@pytest.mark.parametrize("table", ["name", "scope"])
def test_a_term_that_can_never_speak_is_refused_with_what_hides_it(tmp_path: Path, table: str) -> None:
    rule = NEW_RULE.replace("name", table).replace("样本奇器", "环境卫生")
    error = refusal(added(tmp_path, DEVICES, rule))
    assert f"'{table}.sample' terms: '环境卫生' is always taken by 'friend.hygiene'" in str(error)
    twice = refusal(added(tmp_path / "twice", DEVICES, NEW_RULE + NEW_RULE.replace("name.sample", "name.sample-too")))
    assert "'name.sample-too' terms: '样本奇器' is always taken by 'name.sample'" in str(twice)


def test_a_term_may_stand_under_two_rules_if_the_first_has_a_condition(tmp_path: Path) -> None:
    rules = NEW_RULE + 'near = ["公司"]\n' + NEW_RULE.replace("name.sample", "name.sample-too")
    classifier = Classifier(added(tmp_path, NAMES, rules))
    spoken = [
        classifier.classify(Subject(name)).evidence[0].rule for name in ("上海样本奇器有限公司", "上海样本奇器厂")
    ]
    assert spoken == ["name.sample", "name.sample-too"]


def test_what_two_files_say_is_refused_with_the_first(tmp_path: Path) -> None:
    rules = copied(tmp_path)
    (rules / "99_more.toml").write_text('version = "2"\n', encoding="utf-8")
    error = refusal(rules)
    assert (error.path.name, error.place) == ("99_more.toml", "version")
    assert f"is said already in {READING}" in str(error)


def test_rules_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.toml").place == "file"
    (tmp_path / "empty").mkdir()
    assert "is a folder without *.toml" in str(refusal(tmp_path / "empty"))
    rules = copied(tmp_path)
    (rules / "99_broken.toml").write_bytes(b'version = "\xff"')
    error = refusal(rules)
    assert (error.path.name, error.place) == ("99_broken.toml", "byte 11")


def test_a_code_or_a_licence_under_two_rules_is_refused(tmp_path: Path) -> None:
    lines = '\n[[industry]]\nid = "industry.again"\nsector = "medical_devices"\nstrength = "strong"\ncodes = ["2770"]\n'
    error = refusal(added(tmp_path, REGISTERS, lines))
    assert "'2770' is said already by 'industry.medical-supplies'" in str(error)


def test_a_term_that_holds_a_word_of_its_own_unless_is_refused(tmp_path: Path) -> None:
    error = refusal(added(tmp_path, NAMES, NEW_RULE + 'unless = ["奇器"]\n'))
    assert "'样本奇器' can never speak: it holds '奇器' of its own unless" in str(error)


def test_a_table_that_is_no_list_is_refused(tmp_path: Path) -> None:
    rules = copied(tmp_path)
    (rules / "05_wrong.toml").write_text('name = "x"\n', encoding="utf-8")
    assert "must be a list of tables: [[name]]" in str(refusal(rules))
