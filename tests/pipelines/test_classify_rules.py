"""The rules are data: versioned by what they say, and refused with the place of a mistake."""

from pathlib import Path

import pytest

from pipelines.classify import RULES_VERSION, Classifier, RulesError
from pipelines.classify.rules import DEFAULT_PATH

PACKAGED = DEFAULT_PATH.read_text(encoding="utf-8")


def changed(folder: Path, old: str, new: str) -> Path:
    """A copy of the packaged rules with the first `old` replaced."""
    assert old in PACKAGED
    path = folder / "rules.toml"
    path.write_text(PACKAGED.replace(old, new, 1), encoding="utf-8")
    return path


def refusal(path: Path) -> RulesError:
    with pytest.raises(RulesError) as caught:
        Classifier(path)
    assert str(path) in str(caught.value)
    return caught.value


def test_the_packaged_rules_version_is_the_declared_one_and_a_fingerprint() -> None:
    assert Classifier().rules_version == RULES_VERSION
    assert RULES_VERSION.split("+")[0] in PACKAGED
    assert len(RULES_VERSION.split("+")[1]) == 8


def test_a_changed_rule_is_another_version_even_if_none_was_declared(tmp_path: Path) -> None:
    version = Classifier(changed(tmp_path, '"医疗器械", ', '"医疗器械", "某种新器械", ')).rules_version
    assert version != RULES_VERSION
    assert version.split("+")[0] == RULES_VERSION.split("+")[0]


def test_a_changed_weight_is_another_version(tmp_path: Path) -> None:
    assert Classifier(changed(tmp_path, "share = 0.6", "share = 0.5")).rules_version != RULES_VERSION


def test_a_changed_comment_is_the_same_version(tmp_path: Path) -> None:
    assert Classifier(changed(tmp_path, "# Which words", "# What words")).rules_version == RULES_VERSION


def test_a_label_names_the_rules_that_judged(tmp_path: Path) -> None:
    classifier = Classifier(changed(tmp_path, "share = 0.6", "share = 0.5"))
    assert classifier.classify("上海甲乙贸易有限公司", "百货").rules_version == classifier.rules_version
    assert classifier.classify("上海甲乙医院有限公司", "内科").rules_version == classifier.rules_version


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            'sector = "medical_devices"\nstrength',
            'sector = "gadgets"\nstrength',
            "name[13] 'name.devices' sector",
        ),
        ('strength = "certain"', 'strength = "sure"', "name[1] 'name.pharmacy' strength"),
        ("share = 0.6", "share = 6", "weights share"),
        ('animals"\nrefutes = true', 'animals"\nrefuses = true', "not_health[3] 'friend.animals' refuses"),
        ('version = "2026.11"', 'version = ""', "version"),
        ("health_products = 0.7", "", "sectors"),
        ('id = "name.optical"', 'id = "name.pharmacy"', "name[14] 'name.pharmacy' id"),
        ('version = "2026.11"', 'version = "2026.11"\nfingerprint = "x"', "fingerprint"),
        ('version = "2026.11"', "version = ", "syntax"),
    ],
)
def test_malformed_rules_are_refused_with_their_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert refusal(changed(tmp_path, old, new)).place.startswith(place)


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    line = PACKAGED.split('version = "2026.11"', maxsplit=1)[0].count("\n") + 1
    assert f"line {line}" in str(refusal(changed(tmp_path, 'version = "2026.11"', "version = ")))


def test_a_term_that_can_never_speak_is_refused_with_what_hides_it(tmp_path: Path) -> None:
    error = refusal(changed(tmp_path, '"药品商标", ', '"药品", '))
    assert "'药品' is always taken by 'friend.printing'" in str(error)


def test_rules_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.toml").place == "file"
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b'version = "\xff"')
    assert refusal(broken).place == "byte 11"
