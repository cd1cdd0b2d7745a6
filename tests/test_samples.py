"""The samples do what they are there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_tool import check, open_report, rule_book

ROOT = Path(__file__).parent.parent
BAD = sorted((ROOT / "samples" / "bad").glob("*.xlsx"))
GOOD = [*sorted((ROOT / "samples" / "good").glob("*.xlsx")), ROOT / "samples" / "report.txt"]
BLANK = sorted((ROOT / "templates").glob("blank-*.xlsx"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_sample_gives_no_finding(path: Path) -> None:
    assert list(check(open_report(path))) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_sample_gives_exactly_its_own_rule(path: Path) -> None:
    assert [finding.rule for finding in check(open_report(path))] == [path.stem]


def test_every_rule_has_its_sample() -> None:
    assert {path.stem for path in BAD} == set(rule_book())


@pytest.mark.parametrize("path", BLANK, ids=lambda path: path.stem)
def test_a_blank_workbook_only_lacks_what_is_to_be_filled_in(path: Path) -> None:
    findings = list(check(open_report(path)))

    assert [finding.rule for finding in findings] == ["W-10", "W-02", "V-04", "V-04", "V-04"]
