"""Many reports as one data set: the same in every format, true to the reports, and asked as the page says."""

from __future__ import annotations

import csv
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import WbTool
from tests.editing import sample_report
from workbook_tool import render
from workbook_tool.batch import Record, record_of, records
from workbook_tool.dataset import TABLES, Table, Unit, Units, batches, table, write_data_set
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.fingerprint import digest
from workbook_tool.forms import form
from workbook_tool.report import Report, blank_report, with_totals

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/dataset.md").read_text(encoding="utf-8")
FORMATS = (".parquet", ".duckdb", ".sqlite", ".csv")
YEARS = (2024, 2025)
CODES = ("U1", "U2", "U3", "U4")
PARENTS = {"U1": "西城", "U2": "西城", "U3": "东城", "U4": "东城", "U9": "东城"}
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


def documented(one: Table) -> str:
    """A table as the page has it."""
    lines = [f"### `{one.name}`", "", f"One row: {one.row.en}.", ""]
    lines += ["| column | type | | meaning |", "|---|---|---|---|"]
    for column in one.columns:
        empty = "may be empty" if column.may_be_empty else ""
        kind = {"decimal": "DECIMAL(22, 6)"}.get(column.kind, column.kind)
        lines.append(f"| `{column.name}` | {kind} | {empty} | {column.meaning.en} |")
    return "\n".join(lines) + "\n"


def _agency(code: str) -> str:
    return f"示例市{PARENTS[code]}区第{code[1]}街道办事处"


def _made(code: str, year: int, before: Report | None) -> Report:
    """A report in which everything balances, the carried-over requests with those `before`."""
    chance = random.Random(f"{code} {year}")
    known = form("2021")
    values: dict[Any, Any] = {cell: chance.randint(0, 9) for cell in known.cells.values()}
    values[known.cells["t2.fees.amount"]] = Decimal(chance.randint(1, 10**7)).scaleb(-4)
    table_3 = known.table_of(known.cells["t3.received.natural"])
    outcomes = [row for row in table_3.rows.leaves if row.id.startswith("outcome.") and not row.sum]
    for column in (column for column in table_3.columns.leaves if not column.sum):
        cell = {row.id: known.cells[f"t3.{row.id}.{column.id}"] for row in table_3.rows.leaves}
        values[cell["carried_in"]] = before[f"t3.carried_out.{column.id}"] if before else 0
        values[cell["carried_out"]] = chance.randint(0, 3)
        ended = values[cell["carried_out"]] + sum(values[cell[row.id]] for row in outcomes)
        values[cell["outcome.other.other"]] += max(0, values[cell["carried_in"]] - ended)
        values[cell["received"]] = max(0, ended - values[cell["carried_in"]])
    return replace(
        blank_report(known, _agency(code), year, code),
        values=with_totals(known, values, known.sums),
        narratives=sample_report(year=year).narratives,
        cover={"agency_code": code, "level": "其他单位"},
    )


def _with(report: Report, **figures: int | None) -> Report:
    changed = {report.form.cells[name.replace("__", ".")]: figure for name, figure in figures.items()}
    return replace(report, values={**report.values, **changed})


def _write_sources(folder: Path) -> dict[str, Report]:
    """Workbooks of four units on two years, and odder sources; the readable ones by their names."""
    folder.mkdir()
    made: dict[str, Report] = {}
    for code in CODES:
        before = None
        for year in YEARS:
            report = before = _made(code, year, before)
            if (code, year) == ("U2", 2025):  # a break, a blank and a wrong total
                report = _with(
                    report, t3__carried_in__natural=17, t2__penalty__decisions=None, t3__received__total=3
                )
            made[f"{code}-{year}.xlsx"] = report
            (folder / f"{code}-{year}.xlsx").write_bytes(workbook_bytes(report))
    page = made["U1-2025.xlsx"]
    (folder / "page.txt").write_text(render(page, "txt"), encoding="utf-8")  # without a code
    made["page.txt"] = page
    older = sample_report("2019", 2020)
    (folder / "older.xlsx").write_bytes(workbook_bytes(older))
    made["older.xlsx"] = older
    (folder / "junk.xlsx").write_bytes(b"not a workbook")
    return made


def _rosters(folder: Path) -> None:
    lines = ["单位名称,单位代码,上级单位,邮箱"]
    lines += [f"{_agency(code)},{code},{parent}," for code, parent in PARENTS.items()]
    (folder / "roster.csv").write_text("\n".join(lines), encoding="utf-8")


class _Sets:
    """The sources, what is truly in them, and the data sets that the command made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth = _write_sources(folder / "in")
        _rosters(folder)
        for suffix in FORMATS:
            command = ["export", "in", "--to", f"data{suffix}", "--roster", "roster.csv"]
            done = subprocess.run(
                [sys.executable, "-m", "workbook_tool", *command],
                cwd=folder,
                capture_output=True,
                check=False,
            )
            assert done.returncode == 1, done.stderr.decode()  # for the one that cannot be read
            assert "11 个文件里有 1 个读不出" in done.stderr.decode()

    def __getitem__(self, suffix: str) -> Path:
        return self.folder / f"data{suffix}"


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> _Sets:
    return _Sets(tmp_path_factory.mktemp("sets"))


@contextmanager
def _asking(sets: _Sets, suffix: str) -> Iterator[Ask]:
    """Ask a data set in SQL, as the page says how."""
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.partition("### 1.")[0], re.DOTALL)
    views, counted = (block.replace("data.parquet", str(sets[".parquet"])) for block in blocks)
    with duckdb.connect(str(sets[suffix]) if suffix == ".duckdb" else ":memory:") as database:
        if suffix == ".parquet":
            database.execute(views)
        database.execute(counted)
        yield lambda sql: database.execute(sql).fetchall()


@pytest.fixture
def ask(sets: _Sets) -> Iterator[Ask]:
    with _asking(sets, ".parquet") as asked:
        yield asked


def _query(title: str) -> str:
    """The query of the page under the heading that contains `title`."""
    found = re.findall(rf"### \d+\. [^\n]*{re.escape(title)}[^\n]*\n\n```sql\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 1, title
    return str(found[0])


def _content(path: Path, one: Table) -> Rows:
    """All rows of a table, read by what reads that format, with figures as decimals and flags as such."""
    if path.suffix == ".csv":
        with (path / f"{one.name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            head, *lines = csv.reader(stream)
        assert tuple(head) == one.names
        return [_typed([text or None for text in line], one) for line in lines]
    if path.suffix == ".sqlite":
        with sqlite3.connect(path) as database:
            return [_typed(row, one) for row in database.execute(f"SELECT * FROM {one.name}")]  # noqa: S608
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as known:
            return known.execute(f"FROM {one.name}").fetchall()
    return duckdb.execute(f"FROM '{path}/{one.name}/*.parquet'").fetchall()


def _typed(row: Any, one: Table) -> tuple[Any, ...]:
    kinds: dict[str, Callable[[Any], Any]] = {
        "text": lambda text: text,
        "integer": int,
        "decimal": lambda figure: Decimal(str(figure)),
        "boolean": lambda flag: flag in {"true", 1},
    }
    return tuple(
        None if value is None else kinds[column.kind](value)
        for value, column in zip(row, one.columns, strict=True)
    )


@pytest.mark.parametrize("one", TABLES, ids=lambda one: one.name)
def test_every_format_holds_the_same_rows(sets: _Sets, one: Table) -> None:
    contents = {suffix: _content(sets[suffix], one) for suffix in FORMATS}

    assert contents[".parquet"]
    for suffix in FORMATS[1:]:
        assert contents[suffix] == contents[".parquet"], suffix


def test_figures_are_those_of_the_reports(sets: _Sets) -> None:
    names = table("figures").names
    found = [dict(zip(names, row, strict=True)) for row in _content(sets[".parquet"], table("figures"))]

    assert {(Path(row["source"]).name, row["cell_id"]): row["value"] for row in found} == {
        (name, cell.id): figure
        for name, report in sets.truth.items()
        for cell, figure in report.values.items()
    }
    for row in found:
        report = sets.truth[Path(row["source"]).name]
        cell = report.form.cells[row["cell_id"]]
        assert row["is_blank"] == (row["value"] is None)
        assert (row["agency"], row["year"], row["edition"]) == (
            report.agency,
            report.year,
            report.form.edition,
        )
        assert (row["section"], row["column_id"]) == (cell.section, cell.column.id)
        assert row["row_id"] == (cell.row.id if cell.row else None)
        assert ".".join(filter(None, (row["section"], row["row_id"], row["column_id"]))) == row["cell_id"]
        assert row["digest"] == digest(report)
        assert isinstance(row["value"], Decimal | None)


def test_reports_say_how_each_source_fares_and_whose_it_is(sets: _Sets) -> None:
    names = table("reports").names
    rows = [dict(zip(names, row, strict=True)) for row in _content(sets[".sqlite"], table("reports"))]
    found = {Path(row["source"]).name: row for row in rows}

    assert list(found) == sorted([*sets.truth, "junk.xlsx"])
    assert found["junk.xlsx"]["status"] == "unreadable"
    assert found["junk.xlsx"]["agency"] is None
    assert found["junk.xlsx"]["errors"] == 1
    assert found["U2-2025.xlsx"]["status"] == "fail"
    # A page has no code; the roster has one for its name, and says who is above.
    assert (found["page.txt"]["code"], found["page.txt"]["parent"]) == ("U1", "西城")
    assert found["older.xlsx"]["parent"] is None


def test_findings_are_those_of_check(sets: _Sets) -> None:
    names = table("findings").names
    found = [dict(zip(names, row, strict=True)) for row in _content(sets[".duckdb"], table("findings"))]
    files = sorted(str(path) for path in (sets.folder / "in").iterdir())

    assert [(Path(row["source"]).name, row["rule"], row["message"], row["cell"]) for row in found] == [
        (Path(record.source).name, finding.rule, finding.message, finding.cell)
        for record in records(files)
        for finding in record.findings
    ]
    wrong = {row["source"] for row in found if row["rule"] == "T3-02"}
    assert wrong == {"in/U2-2025.xlsx"}
    assert {row["severity"] for row in found if row["rule"] == "T3-02"} == {"error"}


def test_the_page_describes_every_column() -> None:
    for one in TABLES:
        assert documented(one) in PAGE


@pytest.mark.parametrize("title", re.findall(r"### \d+\. (.*)", PAGE))
def test_every_query_of_the_page_answers(sets: _Sets, title: str) -> None:
    with _asking(sets, ".parquet") as ask_parquet, _asking(sets, ".duckdb") as ask_duckdb:
        answer = ask_parquet(_query(title))

        assert answer
        assert ask_duckdb(_query(title)) == answer


def _sum(sets: _Sets, cell_id: str, year: int, codes: tuple[str, ...] = CODES) -> Any:
    return sum(sets.truth[f"{code}-{year}.xlsx"][cell_id] or 0 for code in codes)


def test_outcomes_by_year_are_the_sums_of_the_reports(sets: _Sets, ask: Ask) -> None:
    found = {(year, row): requests for year, row, requests in ask(_query("year by year"))}
    granted = {year: _sum(sets, "t3.outcome.granted.total", year) for year in YEARS}

    assert {year: found[year, "outcome.granted"] for year in YEARS} == granted
    assert sum(n for (year, _), n in found.items() if year == 2025) == _sum(
        sets, "t3.outcome.total.total", 2025
    )
    shares = ask(_query("What share"))
    assert all(abs(sum(row[3] for row in shares if row[0] == year) - 100) < 0.5 for year in YEARS)


def test_refusals_are_told_by_region(sets: _Sets, ask: Ask) -> None:
    found = {(parent, ground): requests for parent, ground, requests in ask(_query("grounds"))}

    for parent, codes in (("西城", ("U1", "U2")), ("东城", ("U3", "U4"))):
        expected = _sum(sets, "t3.outcome.refused.third_party.total", 2025, codes)
        assert found.get((parent, "third_party"), 0) == expected


def test_the_one_break_between_years_is_found(sets: _Sets, ask: Ask) -> None:
    left = sets.truth["U2-2024.xlsx"]["t3.carried_out.natural"]

    assert ask(_query("begin with")) == [(_agency("U2"), 2025, "natural", left, 17)]


def test_what_is_carried_over_charged_and_lost(sets: _Sets, ask: Ask) -> None:
    carried = {(row[0], row[1]): row[2] for row in ask(_query("carries most"))}
    charged = {(row[0], row[1]): row[2] for row in ask(_query("charged"))}
    lost = {(row[0], row[1]): row[2:] for row in ask(_query("lawsuits"))}

    assert carried[_agency("U3"), 2024] == _sum(sets, "t3.carried_out.total", 2024, ("U3",))
    assert charged[2024, "西城"] == _sum(sets, "t2.fees.amount", 2024, ("U1", "U2"))
    kinds = ("direct", "after_reconsideration")
    corrected = sum(_sum(sets, f"t4.litigation.{kind}.corrected", 2025) for kind in kinds)
    decided = sum(
        _sum(sets, f"t4.litigation.{kind}.{result}", 2025)
        for kind in kinds
        for result in ("upheld", "corrected", "other")
    )
    assert lost[2025, "litigation"] == (corrected, decided, round(100 * corrected / decided, 1))


def test_who_has_no_report_and_who_has_two(ask: Ask) -> None:
    missing = {(row[1], row[3]) for row in ask(_query("no report"))}
    twice = ask(_query("twice"))

    assert {("U9", 2024), ("U9", 2025)} <= missing
    assert not {code for code, year in missing if year in YEARS} - {"U9"}
    assert [(row[0], row[1], row[2], row[3]) for row in twice] == [("U1", 2025, 2, 1)]


def test_change_and_wrong_totals(sets: _Sets, ask: Ask) -> None:
    change = {row[0]: row[2:5] for row in ask(_query("grown"))}
    before, after = (_sum(sets, "t3.received.total", year, ("U4",)) for year in YEARS)

    assert change[_agency("U4")] == (before, after, after - before)
    wrong = {(Path(row[2]).name, row[3]): row[4] for row in ask(_query("stated totals"))}
    assert wrong["U2-2025.xlsx", "received"] == 3
    assert {name for name, _ in wrong} == {"U2-2025.xlsx"}


def _record(**more: Any) -> Record:
    report = sample_report()
    return record_of("a.xlsx", report, (), "zh")._replace(**more)


def test_a_file_name_or_an_agency_is_no_formula(tmp_path: Path) -> None:
    record = _record(
        source="=cmd|' /C calc'!A0", agency="\n=1+1", code="@SUM(A1)", level="\uff0b1", edition="\u3000=1"
    )

    write_data_set(tmp_path / "data.csv", batches([record]))

    with (tmp_path / "data.csv/reports.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["source"] == "'=cmd|' /C calc'!A0"
    assert (row["agency"], row["code"], row["level"]) == ("'\n=1+1", "'@SUM(A1)", "'\uff0b1")
    assert row["edition"] == "'\u3000=1"


@pytest.mark.parametrize("suffix", FORMATS)
def test_amounts_are_exact_to_the_fen_and_odd_texts_are_kept(tmp_path: Path, suffix: str) -> None:
    figures = {
        "t2.fees.amount": Decimal("9007199254740991.123456"),
        "t2.procurement.amount": Decimal("0.333333333333333"),
        "t2.fees.change": -3,
    }
    record = _record(values=figures, source="a\udce9.xlsx", agency="甲\0乙")
    path = tmp_path / f"data{suffix}"

    write_data_set(path, batches([record]))

    assert [row[10] for row in _content(path, table("figures"))] == [
        Decimal("9007199254740991.123456"),
        Decimal("0.333333"),
        -3,
    ]
    assert _content(path, table("reports"))[0][0] == "a\\udce9.xlsx"
    assert _content(path, table("reports"))[0][2] == "甲\\x00乙"


@pytest.mark.parametrize("suffix", FORMATS)
def test_folders_may_be_called_anything(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "年报[2025]'*"
    folder.mkdir()

    write_data_set(folder / f"da?ta{suffix}", batches([_record(agency="某局")]))

    assert (folder / f"da?ta{suffix}").exists()
    if suffix == ".duckdb":
        assert [row[2] for row in _content(folder / f"da?ta{suffix}", table("reports"))] == ["某局"]


def test_rows_are_written_as_they_come() -> None:
    taken = 0

    def many() -> Iterator[Record]:
        nonlocal taken
        for _ in range(2_000):
            taken += 1
            yield _RECORD

    next(batches(many()))

    assert taken < 1_000


_RECORD = _record()


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_data_set_is_written_whole_or_not_at_all(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"data{suffix}"
    write_data_set(path, batches([_record(agency="早先")]))
    before = sorted(str(found) for found in tmp_path.rglob("*"))

    def breaking() -> Iterator[Record]:
        yield _record(agency="后来")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_data_set(path, batches(breaking()), force=True)

    assert sorted(str(found) for found in tmp_path.rglob("*")) == before
    assert _content(path, table("reports"))[0][2] == "早先"

    write_data_set(path, batches([_record(agency="后来")]), force=True)

    assert sorted(str(found) for found in tmp_path.rglob("*")) == before
    assert [row[2] for row in _content(path, table("reports"))] == ["后来"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_full_disk_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "a.txt").write_text(render(sample_report(), "txt"), encoding="utf-8")
    command = f"ulimit -f 2; exec {sys.executable} -m workbook_tool export a.txt --to data{suffix}"

    # Counting coverage writes a file of its own, for which the disk is full as well.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.startswith(f"wb-tool: data{suffix}: 无法写入 ")
    assert ".wb-" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_roster_finds_units_by_code_or_else_by_name() -> None:
    units = Units([Unit("a1", "青河区  财政局", "其他单位", "青河区"), Unit("B2", "教育局")])

    assert units.of(_record(code="A1", agency="别的")) == units.all[0]
    assert units.of(_record(code="", agency="青河区财政局")) == units.all[0]
    assert units.of(_record(code="X", agency="教育局")) is None
    assert units.of(_record(code="", agency="")) is None


def test_what_cannot_be_written_is_said_before_any_work(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(render(sample_report(), "txt"), encoding="utf-8")
    (tmp_path / "foreign.csv").mkdir()
    (tmp_path / "foreign.csv/letter.txt").write_text("x", encoding="utf-8")
    for name in ("there.sqlite", "a.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for words, message in (
        (("in",), "--to"),
        (("in/a.txt", "in/a.txt"), "--to"),
        (("in/a.txt", "--roster", "r.csv"), "only with --to"),
        (("in", "--to", "data.xlsx"), ".parquet"),
        (("in", "--to", "data.csv", "-f", "csv"), "-f"),
        (("in", "--to", "data.csv", "-o", "x"), "-o"),
        (("in", "--to", "there.sqlite"), "--force"),
        (("in", "--to", "a.csv", "--force"), "a file where a folder is to be"),
        (("in", "--to", "foreign.csv"), "--force"),
        (("in", "--to", "foreign.csv", "--force"), "other things"),
        (("foreign.csv", "--to", "foreign.csv/x.sqlite", "--roster", "none.csv"), "none.csv"),
        (("there.sqlite", "--to", "there.sqlite", "--force"), "read by this command"),
        (("in", "--to", "no/where.csv"), "no such folder"),
        (("empty", "--to", "data.csv"), "nothing to export"),
        (("nowhere", "--to", "data.csv"), "no such file"),
    ):
        done = wb_tool("export", *words)
        assert done.returncode == 2, words
        assert message in done.stderr, (words, done.stderr)
    assert not list(tmp_path.glob("data*"))


def test_a_data_set_that_is_read_is_not_overwritten(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(render(sample_report(), "txt"), encoding="utf-8")
    assert wb_tool("export", "a.txt", "--to", "data.csv").returncode == 0

    done = wb_tool("export", ".", "--to", "data.csv", "--force")

    assert done.returncode == 2
    assert "never overwritten" in done.stderr
    assert wb_tool("export", "a.txt", "--to", "data.csv", "--force").returncode == 0


@pytest.mark.parametrize(("suffix", "missing"), [(".parquet", "pyarrow"), (".duckdb", "duckdb")])
def test_what_is_not_installed_is_named(tmp_path: Path, suffix: str, missing: str) -> None:
    (tmp_path / "a.txt").write_text(render(sample_report(), "txt"), encoding="utf-8")
    program = f"import sys; sys.modules['{missing}'] = None; from workbook_tool.cli import main; main()"

    for ending, code in ((suffix, 2), (".sqlite", 0)):
        command = [sys.executable, "-c", program, "export", "a.txt", "--to", f"data{ending}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert ("wb-tool[data]" in done.stderr and missing in done.stderr) == (code == 2)


def test_findings_against_last_year_are_among_them(wb_tool: WbTool, sets: _Sets, tmp_path: Path) -> None:
    (tmp_path / "last").mkdir()
    (tmp_path / "last/a.xlsx").write_bytes((sets.folder / "in/U2-2024.xlsx").read_bytes())
    (tmp_path / "a.xlsx").write_bytes((sets.folder / "in/U2-2025.xlsx").read_bytes())

    wb_tool("export", "a.xlsx", "--prior", "last", "--to", "data.sqlite")

    rules = {row[7] for row in _content(tmp_path / "data.sqlite", table("findings"))}
    assert "H-01" in rules
