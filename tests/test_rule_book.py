"""The rule book polices itself: complete, in both languages, and raised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbook_tool import Rule, WorkbookToolError, rule, rule_book

SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (Path(__file__).parent.parent / "workbook_tool").rglob("*.py")
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_RAISED_BY_THE_FORM = {"T2-01", "T3-01", "T3-02", "T3-03", "T4-01"}


@pytest.mark.parametrize("entry", rule_book().values(), ids=lambda entry: entry.id)
def test_a_rule_is_documented_in_full_in_both_languages(entry: Rule) -> None:
    for part in (entry, *entry.cases.values()):
        assert part.severity in ("error", "warning", "notice")
        for text in (part.title, part.why, part.source, part.message, part.fix):
            assert _CHINESE.search(text.zh)
            assert text.en.strip()
            assert not _CHINESE.search(text.en.replace("核实说明", ""))
            assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en))


@pytest.mark.parametrize("rule_id", sorted(set(rule_book()) - _RAISED_BY_THE_FORM))
def test_a_rule_is_raised_somewhere(rule_id: str) -> None:
    assert f'"{rule_id}"' in SOURCES or rule_id == "W-01"


def test_an_unknown_rule_is_refused_with_those_that_exist() -> None:
    with pytest.raises(WorkbookToolError, match=r"X-99.*T3-01"):
        rule("X-99")
