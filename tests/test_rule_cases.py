"""Every rule, by the cases under ``tests/rules``: what passes, what fails, and how the finding reads."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.rolling import findings_of
from workbook_tool.rules import rule_book

CASES = Path(__file__).parent / "rules"


def _cases(kind: str) -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        cases = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
        found += [pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}") for case in cases]
    return found


@pytest.mark.parametrize(("rule", "case"), _cases("pass"))
def test_nothing_is_found(rule: str, case: dict[str, Any]) -> None:
    assert [(finding.rule, finding.message()) for finding in findings_of(case)] == []


@pytest.mark.parametrize(("rule", "case"), _cases("fail"))
def test_just_this_is_found(rule: str, case: dict[str, Any]) -> None:
    findings = findings_of(case)

    assert {finding.rule for finding in findings} == {rule, *case.get("also", ())}
    own = [finding for finding in findings if finding.rule == rule]
    assert len(own) == 1, "one root cause is told once"
    for name, wanted in case.get("finding", {}).items():
        got = {
            "place": own[0].place.words.zh,
            "cell": own[0].place.cell,
            "ids": list(own[0].ids),
            "expected": own[0].expected,
            "found": own[0].found,
            "severity": own[0].severity,
            "explained": own[0].explained,
            "message": own[0].message(),
        }
        assert got[name] == wanted


@pytest.mark.parametrize(("rule", "case"), _cases("fail"))
def test_words_have_no_gaps(rule: str, case: dict[str, Any]) -> None:
    for finding in findings_of(case):
        for language in ("zh", "en"):
            for text in (finding.title(language), finding.message(language), finding.fix(language)):
                assert text.strip()
                assert "{" not in text


def test_every_rule_has_its_cases() -> None:
    assert {path.stem for path in CASES.glob("*.toml")} == set(rule_book())
