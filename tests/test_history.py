"""Last year's report held against this year's: two years over both editions, and the command."""

from __future__ import annotations

import json
import random
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import WbTool
from tests.editing import edited, prior_of, sample_report
from tests.strategies import reports
from workbook_tool import FormError, build_workbook, check, form
from workbook_tool.checks.alike import check_alike
from workbook_tool.checks.basis import Basis, read_limits
from workbook_tool.report import Reading, Report, with_totals
from workbook_tool.sources import read_report

OWN = tomllib.loads((Path(__file__).parent / "last_year.toml").read_text(encoding="utf-8"))
CARRIED = {
    "t3.received.natural": 30,
    "t3.outcome.refused.inquiry.natural": 15,
    "t3.carried_out.natural": 3,
    "t3.received.legal.business": 4,
    "t3.outcome.partial.legal.business": 2,
    "t3.carried_out.legal.business": 2,
    "t2.penalty.decisions": 790,
}
"""What was different the year before: 30 + 4 came in, five are carried over."""

TAKEN_OVER = {
    "t3.carried_in.natural": 3,
    "t3.outcome.granted.natural": 5,
    "t3.carried_in.legal.business": 2,
    "t3.outcome.granted.legal.business": 2,
}
"""And the year after takes them over."""


def _with(report: Report, figures: dict[str, Any]) -> Report:
    values = {**report.values, **{report.form.cells[cell]: figure for cell, figure in figures.items()}}
    return replace(report, values=with_totals(report.form, values, report.form.sums))


def _chain(edition: str, year: int) -> tuple[Report, Report]:
    """The reports on two years, without a fault: the first on `edition`, the second on that of 2021."""
    texts = {section: text.strip() for section, text in OWN.items()}
    first = _with(replace(sample_report(edition, year), narratives=texts), CARRIED)
    return first, _with(sample_report("2021", year + 1), TAKEN_OVER)


def _told(last: Report, this: Report) -> list[tuple[str, str]]:
    """The rules of comparison that are broken, each with the first cell or the text that it is about."""
    found = check(Reading(this), last)
    return [
        (finding.rule, finding.ids[0] if finding.ids else finding.passage.text if finding.passage else "")
        for finding in found
        if finding.rule.startswith("H")
    ]


@pytest.fixture(params=[("2019", 2020), ("2021", 2021), ("2021", 2024)], ids=str)
def chain(request: pytest.FixtureRequest) -> tuple[Report, Report]:
    return _chain(*request.param)


def test_two_years_that_follow_each_other_give_nothing(chain: tuple[Report, Report]) -> None:
    assert _told(*chain) == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"t3.carried_in.natural": 2}, [("H-01", "t3.carried_in.natural")]),
        ({"t3.carried_in.legal.business": 0}, [("H-01", "t3.carried_in.legal.business")]),
        ({"t3.carried_in.legal.other": 1}, [("H-01", "t3.carried_in.legal.other")]),
        (
            {"t3.carried_in.natural": 5, "t3.carried_in.legal.business": 0},
            [("H-01", "t3.carried_in.natural"), ("H-01", "t3.carried_in.legal.business")],
        ),
        ({"t3.carried_in.natural": None}, []),
        (
            {"t3.carried_in.natural": None, "t3.carried_in.legal.business": 1},
            [("H-01", "t3.carried_in.legal.business")],
        ),
        ({"t2.penalty.decisions": 79}, [("H-03", "t2.penalty.decisions")]),
        ({"t2.penalty.decisions": 0}, [("H-03", "t2.penalty.decisions")]),
        ({"t2.penalty.decisions": None}, []),
        ({"t2.compulsion.decisions": 15}, []),
    ],
)
def test_a_fault_gives_its_own_finding_alone(
    chain: tuple[Report, Report], fault: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    last, this = chain

    assert _told(last, _with(this, fault)) == told


@pytest.mark.parametrize("column", ["natural", "legal.business", "legal.research", "legal.other"])
def test_each_column_is_compared_by_itself(chain: tuple[Report, Report], column: str) -> None:
    last, this = chain
    cell = f"t3.carried_out.{column}"
    off = _with(last, {cell: int(last[cell] or 0) + 1})

    assert _told(off, this) == [("H-01", f"t3.carried_in.{column}")]


def test_a_total_is_told_where_its_parts_are_not_there(chain: tuple[Report, Report]) -> None:
    last, this = chain
    values = {
        cell: None if cell.row and cell.row.id == "carried_out" and not cell.is_total else figure
        for cell, figure in last.values.items()
    }
    values[last.form.cells["t3.carried_out.total"]] = 6

    assert _told(replace(last, values=values), this) == [("H-01", "t3.carried_in.total")]


def test_what_was_issued_and_repealed_moves_what_is_in_force() -> None:
    last, this = _chain("2021", 2024)
    documents = "t2.normative_documents"
    last = _with(last, {f"{documents}.in_force": 6})
    right = {f"{documents}.issued": 2, f"{documents}.repealed": 1, f"{documents}.in_force": 7}

    assert _told(last, _with(this, right)) == []
    wrong = _with(this, {**right, f"{documents}.in_force": 6})
    assert _told(last, wrong) == [("H-02", f"{documents}.in_force")]


@given(reports("2019"), st.randoms())
def test_a_year_and_its_own_sequel_give_no_figure_to_ask_for(last: Report, luck: random.Random) -> None:
    """Whatever last year was, a year that takes it over and adds a little has no finding."""
    this = form("2021")
    carried = {
        f"t3.{row}.{cell.column.id}": figure
        for cell, figure in last.values.items()
        if cell.id.startswith("t3.carried_out.") and cell.id != "t3.carried_out.total"
        for row in ("carried_in", "carried_out")
    }
    shared = {
        cell: figure
        for cell, figure in last.values.items()
        if cell.id in this.cells and cell.section != "t3" and not cell.is_total
    }
    values = dict.fromkeys(this.cells.values(), 0) | shared | {this.cells[c]: f for c, f in carried.items()}
    sequel = replace(
        sample_report("2021", (last.year or 0) + 1),
        agency=last.agency,
        values=with_totals(this, values, this.sums),
    )

    told = [rule for rule, cell in _told(last, sequel) if not cell.startswith("t3.received")]
    assert set(told) <= {"H-03"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("same", [("H-04", "s1")]),
        ("renumbered", [("H-04", "s1")]),
        ("turned round", [("H-04", "s1")]),
        ("one paragraph of six new", [("H-04", "s1")]),
        ("three paragraphs of six new", []),
        ("own", []),
    ],
)
def test_a_text_is_last_years_over_again(text: str, told: list[tuple[str, str]]) -> None:
    last, this = _chain("2021", 2024)
    own, new = this.narratives["s1"], OWN["s1"].strip()
    paragraphs, others = own.split("\n"), new.split("\n")
    before = {
        "same": own.replace("2025", "2024"),
        "renumbered": own.replace("2025", "2024").replace("189", "二百零三").replace("378", "95"),
        "turned round": "\n".join(reversed(paragraphs)),
        "one paragraph of six new": "\n".join([*paragraphs[:5], others[5]]),
        "three paragraphs of six new": "\n".join([*paragraphs[:3], *others[3:]]),
        "own": new,
    }[text]

    last = replace(last, narratives={**last.narratives, "s1": before})
    this = replace(this, narratives={**this.narratives, "s1": own})
    assert _told(last, this) == told


@pytest.mark.parametrize(("sentences", "is_turned"), [(200, True), (5000, False)])
def test_a_text_of_any_length_is_held_against_last_years(sentences: int, *, is_turned: bool) -> None:
    luck = random.Random(4)
    kept = ["".join(chr(luck.randrange(0x4E00, 0x9FA5)) for _ in range(30)) for _ in range(sentences)]
    before = [f"{sentence}有序推进。" for sentence in kept]
    own = [f"{sentence}有力推进。" for sentence in (reversed(kept) if is_turned else kept)]
    last, this = _chain("2021", 2024)
    last, this = (
        replace(report, narratives={**report.narratives, "s1": "".join(text)})
        for report, text in ((last, before), (this, own))
    )

    start = time.perf_counter()
    told = list(check_alike(this, Basis(last)))
    assert time.perf_counter() - start < 3, "far above what it takes, so that a slow machine does not matter"
    assert [str(finding.details["part"]) for finding in told] == ["100"]


def test_the_passage_is_the_words_that_are_quoted() -> None:
    last, this = _chain("2021", 2024)
    last = replace(last, narratives=this.narratives)

    for finding in check(Reading(this), last):
        if finding.rule == "H-04":
            assert finding.passage
            words = this.texts[finding.passage.text][finding.passage.start : finding.passage.end]
            assert words.startswith((finding.found or "").removesuffix("…"))
            assert (finding.found or "") in finding.message()


def _write(path: Path, report: Report, **cover: str) -> None:
    path.parent.mkdir(exist_ok=True)
    build_workbook(replace(report, cover={**report.cover, **cover}), path)


def test_the_command_holds_a_file_against_a_file(wb_tool: WbTool, tmp_path: Path) -> None:
    last, this = _chain("2019", 2020)
    (tmp_path / "this.xlsx").write_bytes(edited(this, [{"type": 2, "into": "t3.carried_in.natural"}]))
    build_workbook(last, tmp_path / "last.xlsx")

    done = wb_tool("check", "this.xlsx", "--prior", "last.xlsx", "--format", "json")

    findings = json.loads(done.stdout)["files"][0]["findings"]
    assert [(f["rule"], f["cell"], f["expected"], f["found"]) for f in findings if f["rule"] == "H-01"] == [
        ("H-01", "D8", "3", "2")
    ]
    page = wb_tool("check", "this.xlsx", "--prior", "last.xlsx", "--format", "html", "--annotate", "marked")
    assert "H-01" in page.stdout
    marked = read_report((tmp_path / "marked" / "this.xlsx").read_bytes()).report
    assert marked
    assert marked["t3.carried_in.natural"] == 2
    assert "H-01" not in wb_tool("check", "this.xlsx").stdout


def test_the_command_finds_in_a_folder_whose_last_year_is_whose(wb_tool: WbTool, tmp_path: Path) -> None:
    last, this = _chain("2021", 2024)
    off = _with(last, {"t3.carried_out.natural": 4, "t3.outcome.refused.inquiry.natural": 14})
    for number in range(20):
        code = f"C{number}" if number % 2 else ""
        name = "同名局" if number < 4 else f"第{number}局"
        _write(tmp_path / "this" / f"{number}.xlsx", replace(this, agency=name), agency_code=f"C{number}")
        if number not in (6, 7):
            report = off if number in (2, 5) else last
            _write(tmp_path / "last" / f"a{number}.xlsx", replace(report, agency=name), agency_code=code)
    _write(tmp_path / "last" / "old.xlsx", replace(off, agency="第9局", year=2023), agency_code="C9")
    _write(tmp_path / "last" / "copy.xlsx", replace(last, agency="第11局"), agency_code="C11")
    _write(tmp_path / "last" / "other.xlsx", replace(off, agency="第13局"), agency_code="C13")
    (tmp_path / "last" / "photo.png").write_bytes(b"\x89PNG")

    done = wb_tool("check", "this", "--prior", "last", "--format", "json", "--lang", "en")

    told = {
        Path(entry["file"]).stem
        for entry in json.loads(done.stdout)["files"]
        for finding in entry["findings"]
        if finding["rule"].startswith("H")
    }
    assert told == {"5"}
    assert "photo.png" in done.stderr
    none, several = (line for line in done.stderr.splitlines() if "of last year: " in line)
    assert none == "no report of last year: 2: 第6局、第7局"
    assert several == "several reports of last year: 3: 同名局、第13局、同名局"


@pytest.mark.parametrize("prior", ["missing.xlsx", "broken.xlsx", "this.xlsx", "-", "empty", "nothing"])
def test_a_last_year_of_no_use_is_refused(wb_tool: WbTool, tmp_path: Path, prior: str) -> None:
    build_workbook(sample_report(), tmp_path / "this.xlsx")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    for folder in ("empty", "nothing"):
        (tmp_path / folder).mkdir()
    (tmp_path / "nothing" / "a.txt").write_text("x", encoding="utf-8")

    done = wb_tool("check", "this.xlsx", "--prior", prior)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("wb-tool: ")


def test_a_profile_sets_limits_of_ones_own(wb_tool: WbTool, tmp_path: Path) -> None:
    build_workbook(sample_report(), tmp_path / "this.xlsx")
    steps = [{"type": 500, "into": "t2.penalty.decisions"}]
    (tmp_path / "last.xlsx").write_bytes(prior_of({"prior": {"steps": steps}}) or b"")
    (tmp_path / "own.toml").write_text("[history]\njump = 1.5\n", encoding="utf-8")
    command = ("check", "this.xlsx", "--prior", "last.xlsx")

    assert "H-03" not in wb_tool(*command).stdout
    assert "H-03" in wb_tool(*command, "--profile", "own.toml").stdout
    for wrong in ("[history]\njumps = 1\n", "x"):
        (tmp_path / "own.toml").write_text(wrong, encoding="utf-8")
        done = wb_tool(*command, "--profile", "own.toml")
        assert (done.returncode, done.stderr.startswith("wb-tool: own.toml: ")) == (2, True)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ('history.jump = "1"', "要写成数"),
        ("history.jump = true", "要写成数"),
        ("history.jump = 0.1", "要大于 1"),
        ("history.jump = nan", "要大于 1"),
        ("history.jump = inf", "不能大于"),
        ("history.drop = 1.5", "要在 0 和 1 之间"),
        ("history.drop = -0.1", "要在 0 和 1 之间"),
        ("history.alike = 80", "要在 0 和 1 之间"),
        ("history.same_sentence = nan", "要在 0 和 1 之间"),
        ("history.least = -1", "不能小于 0"),
        ("history.least = 1.5", "要写成整数"),
        ("history.long_enough = -80", "不能小于 0"),
        ("narrative.longest = -1", "不能小于 0"),
        ("history.long_enough = 0", "要大于 0"),
        ("history.alike = 0", "要大于 0"),
        ("history.same_sentence = 0.0", "要大于 0"),
        ("history.jump = 1e300", "不能大于 1000000000"),
        (f"history.jump = 1{'0' * 400}", "不能大于 1000000000"),
        (f"history.least = 1{'0' * 400}", "不能大于 1000000000"),
        ("narrative.fewest = 1000000001", "不能大于 1000000000"),
        (f"history.drop = 1{'0' * 400}", "要在 0 和 1 之间"),
        ("history.watched = 1", "列表的列表"),
        ('history.watched = ["t2"]', "列表的列表"),
        ("history.watched = [[]]", "列表的列表"),
        ("history.watched = [[1, 2]]", "栏目编号"),
        ('history.watched = [["t3.received.total", "t3.recieved.total"]]', "没有这个栏目"),
        ("history.standard = [1]", "词的列表"),
        ('history.standard = ["信息处理费", " "]', "词的列表"),
        ("narrative = 3", "没有这个限值"),
        ("history.jumps = 2", "没有这个限值"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_in_both_languages(
    limit: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text(limit, encoding="utf-8")

    with pytest.raises(FormError, match=rf"^own\.toml: \S+: .*{said}.*\([a-z].*\)"):
        read_limits(tmp_path / "own.toml")


@pytest.mark.parametrize(
    "limit",
    [
        "history.jump = 2",
        "history.drop = 0",
        "history.alike = 1",
        "history.least = 0",
        "history.long_enough = 1",
        "narrative.longest = 1000000000",
        "history.watched = []",
        'history.watched = [["t2.procurement.amount"], ["t3.outcome.*.total"]]',
        "history.standard = []",
    ],
)
def test_a_limit_at_its_end_is_taken(limit: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(limit, encoding="utf-8")

    assert read_limits(tmp_path / "own.toml")
