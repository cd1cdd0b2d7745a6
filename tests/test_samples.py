"""The samples do what they are there for."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import WbTool
from tests.rolling import rolled_up
from workbook_tool import check, open_report, rule_book

ROOT = Path(__file__).parent.parent
BAD = sorted((ROOT / "samples" / "bad").glob("*.*"))
TOGETHER = sorted(path for path in (ROOT / "samples" / "bad").iterdir() if path.is_dir())
GOOD = [*sorted((ROOT / "samples" / "good").glob("*.xlsx")), ROOT / "samples" / "report.txt"]
BLANK = sorted((ROOT / "templates").glob("blank-*.xlsx"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_sample_gives_no_finding(path: Path) -> None:
    assert list(check(open_report(path))) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_sample_gives_exactly_its_own_rule(path: Path) -> None:
    last_year = ROOT / "samples" / "prior" / path.name
    prior = open_report(last_year).report if last_year.exists() else None

    assert [finding.rule for finding in check(open_report(path), prior)] == [path.stem]


@pytest.mark.parametrize("folder", TOGETHER, ids=lambda folder: folder.name)
def test_a_bad_sample_of_many_gives_exactly_its_own_rule(folder: Path) -> None:
    result = rolled_up({path.name: path.read_bytes() for path in sorted(folder.iterdir())})

    assert [finding.rule for finding in result.findings] == [folder.name]


def test_every_rule_has_its_sample() -> None:
    assert {path.stem for path in [*BAD, *TOGETHER]} == set(rule_book())


@pytest.mark.parametrize("path", BLANK, ids=lambda path: path.stem)
def test_a_blank_workbook_only_lacks_what_is_to_be_filled_in(path: Path) -> None:
    findings = list(check(open_report(path)))

    assert [finding.rule for finding in findings] == ["W-10", "W-02", "V-04", "V-04", "V-04"]


def test_the_json_of_every_sample_is_as_its_schema_says(wb_tool: WbTool) -> None:
    schema = json.loads((ROOT / "docs" / "check.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)

    for language in ("zh", "en"):
        done = wb_tool("check", str(ROOT / "samples"), "--format", "json", "--lang", language)
        result = json.loads(done.stdout)
        validator.validate(result)
        assert len(result["files"]) > 20
        assert any(finding["suggestions"] for entry in result["files"] for finding in entry["findings"])
