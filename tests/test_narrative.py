"""The figures of the prose: numerals, the phrase bank, the real reports, whole and with one figure off."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.narrative import measure
from tests.editing import sample_report
from tests.real_reports import REPORTS, real_reports
from tests.texts import with_texts
from workbook_tool.checks import check
from workbook_tool.checks.agreement import agreements
from workbook_tool.checks.quotation import MOST
from workbook_tool.errors import FormError
from workbook_tool.forms import form
from workbook_tool.narrative.facts import facts_in
from workbook_tool.narrative.numerals import numerals_in
from workbook_tool.narrative.vocabulary import vocabulary
from workbook_tool.report import Reading, Report, plain
from workbook_tool.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbook_tool.checks.agreement import Agreement
    from workbook_tool.rules import Finding

SAMPLE = str(resource("samples/report.txt"))
_PRECISION, _RECALL = 0.98, 0.90
_DIGITS = "零一二三四五六七八九"
_FIGURES_IN = {
    "seed-report": 1,
    "01-huaian-city-2024": 15,
    "02-shanghai-office-2019": 12,
    "03-shuyang-bureau-2023": 1,
    "04-shuyang-county-2025-ocr": 6,
    "05-longgang-department-2024-excerpt": 0,
    "06-changtu-town-2023-excerpt": 0,
    "07-pingtan-2019-run-together": 0,
    "08-hengdong-town-2023-old-form-excerpt": 0,
}
"""How many figures of each are compared with its tables; see bench/README.md."""


def _spelled(number: int) -> str:
    """A number below a hundred million, as it is spelled."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        zero = "零" if low and low < 1_000 else ""
        return f"{_spelled(high)}万{zero}{_spelled(low) if low else ''}"
    said, gap = "", False
    for place, sign in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + sign
            gap = False
        else:
            gap = True
    return said


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_numeral_in_characters_is_read_back(number: int) -> None:
    spelled = _spelled(number)

    assert [numeral.value for numeral in numerals_in(f"共{spelled}件")] == [number]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12", [12]),
        ("3,119", [3119]),
        ("1.2万", [12000]),
        ("0.5", [Decimal("0.5")]),
        ("两百零三", [203]),
        ("十二", [12]),
        ("零", [0]),
        ("二〇二四", [2024]),
        ("一万二", []),  # 12,000 or 10,002: nobody knows
        ("一百二", []),
        ("百", []),
        ("十十", []),
    ],
)
def test_numerals(text: str, values: list[object]) -> None:
    assert [numeral.value for numeral in numerals_in(text)] == values


def test_a_word_that_stands_in_two_lists_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(resource("templates"), tmp_path / "own")
    file = tmp_path / "own" / "narrative.toml"
    words = file.read_text(encoding="utf-8").replace("join = [", 'join = ["收到",', 1)
    file.write_text(words, encoding="utf-8")
    monkeypatch.setenv("WB_TOOL_TEMPLATES", str(tmp_path / "own"))
    vocabulary.cache_clear()
    with pytest.raises(FormError, match="收到"):
        vocabulary()
    vocabulary.cache_clear()


@pytest.mark.parametrize("half", ["kept", "tuning"])
def test_the_phrase_bank_is_read(half: str) -> None:
    right, wrong, stated = measure(half)

    assert right / (right + wrong) >= _PRECISION
    assert right / stated >= _RECALL


def test_further_phrases_give_hardly_a_wrong_fact() -> None:
    right, wrong, _ = measure("more")

    assert right / (right + wrong) >= _PRECISION


def test_a_fact_has_its_place_in_the_text_as_it_stands() -> None:
    text = "2024 年，我局共收到政府信息公开申请　１ ２ 件。"

    (fact,) = facts_in(text, form("2021"), 2024)

    assert (text[fact.start : fact.end], fact.words, fact.value) == ("１ ２", "１ ２", 12)


def test_a_field_is_no_figure() -> None:
    assert facts_in("收到政府信息公开申请【三.新收】件，办结【12】件。", form("2021"), 2024) == ()


def test_what_agrees_is_told(wb_tool: Callable[..., Any]) -> None:
    done = wb_tool("check", SAMPLE, "--matched", "--format", "json")

    (file,) = json.loads(done.stdout)["files"]
    told = {(entry["clause"], tuple(entry["ids"]), entry["figure"]) for entry in file["matched"]}
    assert ("全年新收政府信息公开申请12件", ("t3.received.total",), "12") in told
    assert file["findings"] == []
    text = wb_tool("check", SAMPLE, "--matched").stdout
    assert "全年新收政府信息公开申请12件 ↔ 表三 · 一、本年新收 · 总计 12" in text


def test_only_who_asks_is_told_what_agrees(wb_tool: Callable[..., Any]) -> None:
    done = wb_tool("check", SAMPLE, "--format", "json")

    assert "matched" not in json.loads(done.stdout)["files"][0]


def test_a_figure_of_another_agency_is_not_ours() -> None:
    text = "依申请公开方面，区教育局收到政府信息公开申请5件。"

    assert facts_in(text, form("2021"), 2024, "示例市青河区水务局") == ()
    assert len(facts_in(text, form("2021"), 2024, "示例市青河区教育局")) == 1


def _figures(report: Report) -> list[Finding]:
    return [f for f in check(Reading(report)) if f.rule in ("N-02", "N-03", "N-04")]


def _with_text(report: Report, agreement: Agreement, words: str) -> Report:
    """`report` with other words in place of a figure."""
    text_id, start, end = agreement.passage
    text = report.texts[text_id]
    return replace(report, narratives={**report.narratives, text_id: text[:start] + words + text[end:]})


def _with_cell(report: Report, agreement: Agreement) -> Report:
    """`report` with one more in the last cell of a figure's line."""
    cell = agreement.line.cells[-1]
    return replace(report, values={**report.values, cell: (report.values.get(cell) or 0) + 1})


def _real() -> list[Any]:
    found = dict(real_reports()) if REPORTS.exists() else {}
    return [pytest.param(found.get(name), id=name, marks=pytest.mark.shared) for name in _FIGURES_IN]


@pytest.mark.parametrize("report", _real())
def test_the_figures_of_a_real_report_are_found_and_agree(
    report: Report | None, request: pytest.FixtureRequest
) -> None:
    if report is None:
        pytest.skip("the real reports are not here")
    name = request.node.callspec.id
    found = list(agreements(report))

    assert len(found) == _FIGURES_IN[name]
    differing = {plain(each.fact.value) for each in found if not each.holds}
    # Its text has 258 where its table has 275: a fault of the report, not of the reading.
    assert differing == ({"258"} if name == "02-shanghai-office-2019" else set())


@pytest.mark.parametrize("report", _real())
def test_one_figure_off_is_told_and_nothing_else(report: Report | None) -> None:
    if report is None:
        pytest.skip("the real reports are not here")
    before = {(f.rule, f.ids, f.found) for f in _figures(report)}
    for agreement in (each for each in agreements(report) if each.holds):
        wrong = plain(agreement.fact.value + 1)
        for changed in (_with_text(report, agreement, wrong), _with_cell(report, agreement)):
            told = [f for f in _figures(changed) if (f.rule, f.ids, f.found) not in before]
            own = [f for f in told if set(agreement.line.cells) <= set(f.ids)]
            assert own, f"{agreement.clause}: nothing is told"
            # The other figures that this cell is part of are off as well, and no more than those.
            cell = agreement.line.cells[-1]
            assert all(cell in f.ids for f in told)
            if changed.values == report.values:
                assert [f.rule for f in told] == [own[0].rule]


def test_the_sample_agrees_in_both_editions() -> None:
    for edition, year in (("2021", 2025), ("2019", 2020)):
        found = list(agreements(sample_report(edition, year)))
        assert len(found) > 5
        assert all(each.holds for each in found)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("N-02", "本年新收政府信息公开申请{0}件。"),
        ("N-04", "收到申请{0}件，其中网上{0}件、信函18件。"),
    ],
)
def test_many_wrong_figures_are_told_in_bounded_number(rule: str, words: str) -> None:
    text = "".join(words.format(number) for number in range(1000, 1200))

    told = check(Reading(with_texts(sample_report(), s1=text, s5=text)))
    assert Counter(f.passage.text for f in told if f.rule == rule and f.passage) == {"s1": MOST, "s5": MOST}
