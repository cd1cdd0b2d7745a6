"""The page of findings: whole in one file, escaped, readable at any width, and for everybody."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WbTool, fits_everybody
from tests.editing import Step, edited, sample_report
from workbook_tool.reporters.passages import narratives_of
from workbook_tool.rules import UNPLACED, Finding, Passage

STEPS: list[Step] = [
    {"type": 21, "into": "t3.received.natural"},
    {"type": "约3件", "into": "t2.licensing.decisions"},
    {"type": 5, "into": "t2.normative_documents.issued"},
    {"hide_row": 8, "on": "三 收到和处理申请"},
]
HOSTILE = (
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>",
    '"><svg onload=alert(1)> {{ 7 * 7 }} {% raw %}',
    "+cmd|' /C calc'!A0",
    "\u202e倒着写的\u202c \u2066隔开\u2069",
    "长" * 30_000,
)


@pytest.fixture
def page(wb_tool: WbTool, tmp_path: Path) -> Path:
    """The page on a good, a faulty, an unreadable and a hostile file."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.xlsx").write_bytes(edited(sample_report(), []))
    (folder / "faulty.xlsx").write_bytes(edited(sample_report(), STEPS))
    (folder / "junk <b>.xlsx").write_bytes(b"junk")
    texts: list[Step] = [
        {"write": text, "at": f"B{30 + number}", "on": "一 总体情况"} for number, text in enumerate(HOSTILE)
    ]
    hostile: list[Step] = [*STEPS, *texts, {"type": "<i>无</i>", "into": "t2.penalty.decisions"}]
    (folder / "hostile.xlsx").write_bytes(edited(sample_report(), hostile))
    done = wb_tool("check", "in", "--format", "html", "-o", "page.html")
    assert done.returncode == 1
    return tmp_path / "page.html"


def test_it_is_one_file_without_outside_resources(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert not re.findall(r"(?:src|href)\s*=\s*[\"']?(?!#)[^\"'#>]", re.sub(r"&lt;.*?&gt;", "", text))
    assert "@import" not in text
    assert "url(" not in text
    assert "<script" not in text


def test_it_has_an_overview_and_every_finding_with_its_rule(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for name in ("good.xlsx", "faulty.xlsx", "junk &lt;b&gt;.xlsx", "hostile.xlsx"):
        assert name in text
    for said in ("T3-01", "V-01", "T2-01", "W-08", "W-01", "两位数字颠倒", "规则说明", "国办公开办函"):
        assert said in text
    assert text.count("<section") == 3, "what passed stands in the overview only"


def test_words_that_findings_are_about_are_marked_where_they_stand() -> None:
    lines = ["甲乙丙丁戊己"] * 8000
    report = replace(sample_report(), narratives={"s1": "\n".join(lines)})
    passages = [(start, start + 2) for start in range(0, 7 * 7999, 7)]
    passages += [(1, 4), (7 * 7999 - 3, 7 * 7999 + 1)]  # overlaps the first; goes from one line to the next
    findings = [Finding("N-05", UNPLACED, passage=Passage("s1", *where)) for where in passages]
    anchors = {id(finding): str(number) for number, finding in enumerate(findings)}

    start = time.perf_counter()
    (drawn,) = (text for text in narratives_of(report, findings, anchors, "zh") if text["open"])
    assert time.perf_counter() - start < 3, "far above what it takes, so that a slow machine does not matter"

    pieces = [[(piece["text"], piece.get("anchor")) for piece in line] for line in drawn["paragraphs"]]
    assert pieces[0] == [("甲乙", "0"), ("丙丁戊己", None)]
    assert pieces[5000] == [("甲乙", "5000"), ("丙丁戊己", None)]
    assert pieces[-2:] == [
        [("甲乙", "7998"), ("丙丁", None), ("戊己", "8000")],
        [("甲", "8000"), ("乙丙丁戊己", None)],
    ]
    assert ["".join(text for text, _ in line) for line in pieces] == lines


def test_one_file_is_drawn_although_it_passes(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "good.xlsx").write_bytes(edited(sample_report(), []))

    done = wb_tool("check", "good.xlsx", "--format", "html", "--lang", "en")

    assert done.returncode == 0
    assert "Nothing to report." in done.stdout
    assert done.stdout.count("<table") == 3
    assert '<html lang="en">' in done.stdout


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_it_fits_and_is_accessible(page: Path, tab: Any, width: int) -> None:
    fits_everybody(tab, page, width)


@pytest.mark.browser
def test_hostile_words_stay_words(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())

    shown = tab.evaluate("[...document.querySelectorAll('details p.text')].map(p => p.textContent)")
    for text in HOSTILE:
        assert text in shown
    assert tab.evaluate("document.querySelectorAll('script, img, svg, i').length") == 0


@pytest.mark.browser
def test_a_marked_cell_leads_to_its_finding_by_keyboard(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())
    link = tab.locator("td.marked a").first
    link.focus()
    tab.keyboard.press("Enter")

    target = tab.evaluate("location.hash.slice(1)")
    assert tab.evaluate(f"document.getElementById('{target}').classList.contains('finding')")
