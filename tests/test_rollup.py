"""Rolling up: sums, nesting, order, who counts, and a workbook that is not to be meddled with."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Run, WbTool
from tests.editing import sample_report
from tests.mailing import filled
from tests.office import work
from tests.rolling import DISTRICT
from tests.strategies import LEVEL, reports, stated_reports
from workbook_tool import check, render
from workbook_tool.batch import record_of
from workbook_tool.checks.verdict import Status
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.excel.limits import FILLED_IN_ROLL_UP
from workbook_tool.excel.rollup_layout import FORMULAS
from workbook_tool.forms import form, forms
from workbook_tool.report import Reading, Report, with_totals
from workbook_tool.rollup import Named, Plan, RollUp, Unit, roll_up, sum_records, unit_of
from workbook_tool.sources import read_report

UNITS = "各单位数据"
EDITION = "2021"
STATUSES: list[Status] = ["pass", "warn", "fail"]


def _record(number: int, report: Report, status: Status = "pass") -> Any:
    record = record_of(f"{number}.xlsx", report, (), "zh")
    return record._replace(code=f"U{number:04}", agency=f"单位{number}", status=status)


def _unit(number: int, report: Report, status: Status = "pass") -> Unit:
    return unit_of(_record(number, report, status))


def _varied(number: int, code: str = "") -> Report:
    """The sample report of a unit with this number: other figures, balanced."""
    report = sample_report()
    cells = report.form.cells
    columns = ("natural", "legal.business", "legal.other")
    more = {cells[f"t3.{row}.{c}"]: number for row in ("received", "outcome.granted") for c in columns}
    more |= {cells["t2.licensing.decisions"]: 7 * number}
    values: dict[Any, Any] = {
        cell: (figure or 0) + more.get(cell, 0) for cell, figure in report.values.items()
    }
    values[cells["t2.fees.amount"]] = Decimal(number) / 8 + Decimal("0.1")
    return replace(
        report,
        agency=f"示例市青河区第{number}街道办事处",
        values=with_totals(report.form, values, report.form.sums),
        cover={"agency_code": code or f"QH-{number:03}", "level": "乡镇政府、街道办事处"},
    )


def _rolled(numbers: range, agency: str = DISTRICT, **plan: Any) -> tuple[RollUp, bytes]:
    units = [unit_of(record_of(f"{number}.xlsx", _varied(number), (), "zh")) for number in numbers]
    result = roll_up(units, Plan(agency, **plan))
    return result, workbook_bytes(result.report, appendix=result.appendix)


MANY = st.lists(
    reports(EDITION, LEVEL).map(lambda report: replace(report, year=2025)), min_size=2, max_size=6
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MANY, st.data())
def test_rolling_up_roll_ups_is_rolling_up_the_leaves(leaves: list[Report], data: st.DataObject) -> None:
    units = [_unit(number, report) for number, report in enumerate(leaves)]
    cut = data.draw(st.integers(1, len(units) - 1))
    plan = Plan(DISTRICT, edition=EDITION)

    parts = [roll_up(part, plan).report for part in (units[:cut], units[cut:])]
    nested = roll_up([_unit(100 + number, report) for number, report in enumerate(parts)], plan)

    assert nested.report.values == roll_up(units, plan).report.values


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MANY, st.data())
def test_order_plays_no_part_and_who_is_excluded_was_never_there(
    leaves: list[Report], data: st.DataObject
) -> None:
    units = [
        _unit(number, report, data.draw(st.sampled_from(STATUSES))) for number, report in enumerate(leaves)
    ]
    plan = Plan(DISTRICT, year=2025, edition=EDITION)
    result = roll_up(units, plan)

    assert roll_up(data.draw(st.permutations(units)), plan).report.values == result.report.values
    without = [unit for unit in units if unit.status != "fail"]
    assert roll_up(without, plan).report.values == result.report.values
    assert {one.unit.source for one in result.excluded} == {u.source for u in units if u not in without}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(stated_reports(), min_size=1, max_size=5))
def test_each_sum_is_that_of_all_who_state_the_figure(leaves: list[Report]) -> None:
    for known in (form("2021"), form("2019")):
        values = sum_records([_record(n, report) for n, report in enumerate(leaves)], known)
        for cell, total in values.items():
            stated = [r.values[cell] for r in leaves if cell in r.values and r.values[cell] is not None]
            assert total == (sum(s for s in stated if s is not None) if stated else None)


def test_the_workbook_is_read_back_as_the_sum_without_a_word_about_its_formulas() -> None:
    result, data = _rolled(range(1, 9))

    reading = read_report(data)

    assert reading.report is not None
    assert reading.report.values == result.report.values
    assert reading.report["t2.licensing.decisions"] == 7 * sum(range(1, 9))
    assert [finding.rule for finding in reading.findings] == []
    assert {finding.rule for finding in check(reading)} <= {"N-01", "N-08", "W-10"}
    again = read_report(workbook_bytes(reading.report))
    assert again.report is not None
    assert again.report.values == result.report.values


def _with(data: bytes, edit: Callable[[openpyxl.Workbook], None]) -> Reading:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    edit(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return read_report(stream.getvalue())


def _at(workbook: openpyxl.Workbook, name: str) -> Any:
    title, address = next(iter(workbook.defined_names[name].destinations))
    return workbook[title][address.replace("$", "")]


def _type(workbook: openpyxl.Workbook, value: object) -> None:
    _at(workbook, "t2__licensing__decisions").value = value


def _in_row(workbook: openpyxl.Workbook, value: object) -> None:
    """Type into the first unit's row, where its licensing decisions stand."""
    sheet: Any = workbook[UNITS]
    first = _at(workbook, "rollup__units")
    head = next(cell for cell in sheet[first.row - 1] if cell.value == "t2.licensing.decisions")
    sheet.cell(first.row, head.column).value = value


def _delete_row(workbook: openpyxl.Workbook) -> None:
    workbook[UNITS].delete_rows(_at(workbook, "rollup__units").row + 1)


def _drop(workbook: openpyxl.Workbook) -> None:
    del workbook[UNITS]


@pytest.mark.parametrize(
    ("edit", "cases", "figure"),
    [
        (lambda _: None, set(), 7 * 36),
        (lambda w: _type(w, 5), {"sum_typed"}, 5),
        (lambda w: _type(w, "=1+1"), {"sum_changed"}, 7 * 36),
        (lambda w: _type(w, f"=SUM({UNITS}!A1:A9)"), {"sum_changed"}, 7 * 36),
        (lambda w: _type(w, None), {"sum_cleared"}, None),
        (lambda w: _in_row(w, 1000), {"unit_row"}, 7 * 36 - 7 + 1000),
        (lambda w: _in_row(w, None), {"unit_row"}, 7 * 36 - 7),
        (lambda w: _in_row(w, "=1+1"), {"unit_row"}, 7 * 36 - 7),
    ],
)
def test_whatever_is_typed_over_is_told(
    edit: Callable[[openpyxl.Workbook], None], cases: set[str], figure: int | None
) -> None:
    reading = _with(_rolled(range(1, 9))[1], edit)

    assert reading.report is not None
    assert {finding.case for finding in reading.findings if finding.rule == "W-06"} == cases
    assert not [finding for finding in reading.findings if finding.rule == "W-07"]
    assert reading.report["t2.licensing.decisions"] == figure
    for finding in check(reading):
        assert "{" not in finding.message() + finding.message("en") + finding.fix() + finding.fix("en")


def test_a_deleted_row_is_told_and_a_deleted_sheet_leaves_no_figure() -> None:
    data = _rolled(range(1, 9))[1]

    deleted = [finding.case for finding in _with(data, _delete_row).findings if finding.rule == "W-06"]
    gone = _with(data, _drop)

    # openpyxl leaves the formulas as they were: their area is no longer that of the rows.
    assert set(deleted) == {"units", "sum_changed"}
    assert [finding.case for finding in gone.findings if finding.rule == "W-06"] == ["units_gone"]
    assert gone.report is not None
    assert "t2.licensing.decisions" not in {cell.id for cell in gone.report.values}


def test_beyond_the_formulas_the_tables_are_values_with_a_check_and_a_changed_one_is_told() -> None:
    base = _unit(1, _varied(1))
    units = [base._replace(source=f"{n}", code=f"C{n}", agency=f"单位{n}") for n in range(FORMULAS + 1)]
    result = roll_up(units, Plan(DISTRICT))
    data = workbook_bytes(result.report, appendix=result.appendix)

    reading = read_report(data)
    workbook = openpyxl.load_workbook(io.BytesIO(data))

    assert reading.report is not None
    assert reading.report.values == result.report.values
    assert not reading.findings
    assert _at(workbook, "t2__licensing__decisions").value == 7 * (FORMULAS + 1)
    assert workbook[UNITS].max_row > FORMULAS
    typed = _with(data, lambda w: _type(w, 5))
    assert [finding.case for finding in typed.findings if finding.rule == "W-06"] == ["units"]


def test_as_many_units_as_have_formulas_are_within_what_is_read() -> None:
    most = max(len(known.cells) for known in forms())

    assert FORMULAS * (most + 4) + 5_000 + 8 * most <= FILLED_IN_ROLL_UP.most


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    units = tmp_path / "units"
    units.mkdir()
    for number in range(1, 7):
        (units / f"{number}.xlsx").write_bytes(workbook_bytes(_varied(number)))
    return units


def test_who_does_not_count_is_named_with_the_reason(wb_tool: WbTool, folder: Path, tmp_path: Path) -> None:
    broken = replace(
        _varied(5), values={**_varied(5).values, form(EDITION).cells["t3.received.natural"]: 999}
    )
    (folder / "5.xlsx").write_bytes(workbook_bytes(broken))
    (folder / "6.xlsx").write_bytes(b"junk")
    (folder / "7.xlsx").write_bytes(workbook_bytes(replace(_varied(7), year=2024)))
    (folder / "8.txt").write_text(render(_varied(4)), encoding="utf-8")
    (folder / "9.xlsx").write_bytes(workbook_bytes(_varied(9, code="QH-003")))
    roster = "单位名称,单位代码\n" + "".join(
        f"示例市青河区第{n}街道办事处,QH-{n:03}\n" for n in (*range(1, 7), 30)
    )
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    arguments = ("rollup", "units", "-o", "all.xlsx", "--agency", DISTRICT, "--format", "json")

    done = wb_tool(*arguments, "--roster", "roster.csv", "--lang", "en")
    result = json.loads(done.stdout)

    assert done.returncode == 1
    assert {Path(one["source"]).name: one["reason"] for one in result["excluded"]} == {
        "3.xlsx": "disputed",
        "5.xlsx": "failing",
        "6.xlsx": "unreadable",
        "7.xlsx": "other_year",
        "8.txt": "same_again",
        "9.xlsx": "disputed",
    }
    assert [one["agency"] for one in result["missing"]] == [
        "示例市青河区第6街道办事处",
        "示例市青河区第30街道办事处",
    ]
    assert [finding["rule"] for finding in result["findings"]] == ["X-02", "X-02", "X-01"]
    report = read_report((tmp_path / "all.xlsx").read_bytes()).report
    assert report is not None
    assert report["t2.licensing.decisions"] == 7 * (1 + 2 + 4)

    included = json.loads(wb_tool(*arguments, "--include-failing", "--force").stdout)
    assert "5.xlsx" in {Path(one["source"]).name for one in included["counted"]}


def test_all_is_well_is_not_said_where_somebody_is_left_out(wb_tool: WbTool, tmp_path: Path) -> None:
    arguments = ("rollup", "few", "-o", "all.xlsx", "--agency", DISTRICT, "--force")
    (tmp_path / "few").mkdir()
    (tmp_path / "few/1.xlsx").write_bytes(workbook_bytes(replace(_varied(1), year=2025)))
    assert "没有发现问题" in wb_tool(*arguments, "--year", "2025").stdout

    (tmp_path / "few/2.xlsx").write_bytes(workbook_bytes(replace(_varied(2), year=2024)))
    done = wb_tool(*arguments, "--year", "2025")

    assert done.returncode == 1
    assert "是 2024 年度的" in done.stdout
    assert "没有发现问题" not in done.stdout


def test_own_and_stated_figures(wb_tool: WbTool, folder: Path, tmp_path: Path) -> None:
    own = replace(_varied(50), agency=DISTRICT, cover={"agency_code": "QH-000", "level": "县级政府"})
    (tmp_path / "own.xlsx").write_bytes(workbook_bytes(own))

    done = wb_tool("rollup", "units", "--own", "own.xlsx", "-o", "all.xlsx", "--level", "县级政府")
    assert done.returncode == 0, done.stdout
    whole = read_report((tmp_path / "all.xlsx").read_bytes()).report
    assert whole is not None
    assert (whole.agency, whole.cover["agency_code"]) == (DISTRICT, "QH-000")
    assert whole["t2.licensing.decisions"] == 7 * (21 + 50)

    cell = whole.form.cells["t2.licensing.decisions"]
    (tmp_path / "stated.txt").write_text(
        render(replace(whole, values={**whole.values, cell: 1})), encoding="utf-8"
    )
    stated = wb_tool(
        *(
            "rollup",
            "units",
            "--own",
            "own.xlsx",
            "--stated",
            "stated.txt",
            "-o",
            "b.xlsx",
            "--format",
            "json",
        )
    )
    (finding,) = [one for one in json.loads(stated.stdout)["findings"] if one["rule"] != "X-01"]
    assert (stated.returncode, finding["rule"], finding["ids"]) == (1, "X-03", [cell.id])
    assert (finding["expected"], finding["found"]) == (str(7 * 71), "1")


def test_a_unit_that_a_roll_up_has_already_is_not_counted_twice(
    wb_tool: WbTool, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "part.xlsx").write_bytes(_rolled(range(1, 4), "甲片区")[1])

    done = wb_tool("rollup", "part.xlsx", "units", "-o", "all.xlsx", "--agency", DISTRICT, "--format", "json")

    reasons = {Path(one["source"]).name: one["reason"] for one in json.loads(done.stdout)["excluded"]}
    assert reasons == {f"{number}.xlsx": "within" for number in (1, 2, 3)}
    report = read_report((tmp_path / "all.xlsx").read_bytes()).report
    assert report is not None
    assert report["t2.licensing.decisions"] == 7 * 21


def test_other_editions_are_summed_where_lines_mean_the_same_and_it_is_said(
    wb_tool: WbTool, folder: Path, tmp_path: Path
) -> None:
    other = replace(
        sample_report("2019"), agency="示例市青河区第9街道办事处", year=2025, cover={"agency_code": "QH-009"}
    )
    values = {**other.values, other.form.cells["t2.licensing.decisions"]: 1000}
    (folder / "9.xlsx").write_bytes(workbook_bytes(replace(other, values=values)))

    done = wb_tool(
        *("rollup", "units", "-o", "all.xlsx", "--agency", DISTRICT, "--include-failing", "--format", "json")
    )

    result = json.loads(done.stdout)
    assert result["edition"] == "2021"
    assert [Path(source).name for source in result["lacking"][0]["sources"]] == ["9.xlsx"]
    assert "t2.normative_documents.issued" in result["lacking"][0]["ids"]
    report = read_report((tmp_path / "all.xlsx").read_bytes()).report
    assert report is not None
    assert report["t2.licensing.decisions"] == 7 * 21 + 1000


@pytest.mark.parametrize(
    "arguments",
    [
        ("units", "-o", "all.xlsx"),
        ("units", "-o", "all.xls", "--agency", DISTRICT),
        ("units", "-o", "units/1.xlsx", "--agency", DISTRICT, "--force"),
        ("units", "-o", "all.xlsx", "--agency", DISTRICT, "--edition", "1999"),
        ("units", "-o", "all.xlsx", "--agency", DISTRICT, "--level", "某级"),
        ("units", "-o", "all.xlsx", "--agency", DISTRICT, "--roster", "none.csv"),
        ("nothing", "-o", "all.xlsx", "--agency", DISTRICT),
    ],
)
def test_what_cannot_be_done_is_said(
    wb_tool: WbTool, folder: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = wb_tool("rollup", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["units"]


def test_two_hundred_workbooks_are_what_openpyxl_adds_up(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    expected: dict[str, Decimal] = {}
    for number in range(1, 201):
        data = workbook_bytes(_varied(number))
        (tmp_path / "many" / f"{number}.xlsx").write_bytes(data)
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        for name, cell in form(EDITION).cells.items():
            expected[name] = expected.get(name, Decimal(0)) + Decimal(str(_at(workbook, cell.name).value))

    done = wb_tool("rollup", "many", "-o", "all.xlsx", "--agency", DISTRICT)
    exported = json.loads(wb_tool("export", "all.xlsx").stdout)["cells"]

    assert done.returncode == 0
    assert {name: Decimal(str(figure)) for name, figure in exported.items()} == expected


@pytest.mark.office
def test_libreoffice_computes_the_same(tmp_path: Path) -> None:
    result, data = _rolled(range(1, 21))
    (tmp_path / "all.xlsx").write_bytes(data)
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    places: dict[str, list[str]] = {}
    at = {}
    for cell in result.report.form.cells.values():
        target = _at(workbook, cell.name)
        places.setdefault(target.parent.title, []).append(target.coordinate)
        at[cell] = (target.parent.title, target.coordinate)
    places["核对"] = ["B3"]

    shown = work(tmp_path / "all.xlsx", read=places, save=tmp_path / "saved.xlsx")

    for cell, (title, address) in at.items():
        assert Decimal(shown[title][address]) == result.report.values[cell], cell.id
    assert shown["核对"]["B3"] == "全部相符"
    saved = read_report((tmp_path / "saved.xlsx").read_bytes())
    assert saved.report is not None
    assert saved.report.values == result.report.values
    assert "W-06" not in {finding.rule for finding in saved.findings}
    assert "W-07" not in {finding.rule for finding in saved.findings}


def test_the_roster_names_who_is_missing_by_code_or_name() -> None:
    roster = (Named("QH-001", "别的名称"), Named("", "示例市青河区第2街道办事处"), Named("QH-005", "没报的"))

    result, _ = _rolled(range(1, 3), roster=roster)

    assert len(result.counted) == 2
    assert result.missing == (roster[2],)


def test_a_round_is_rolled_up_as_it_stands(run: Run, place: Path, wb_tool: WbTool, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (issued,) = (place / "workbooks").rglob(f"*U00{number}*.xlsx")
        figures = {"t2.licensing.decisions": 10**number}
        (tmp_path / f"{number}.xlsx").write_bytes(filled(issued, figures))
        assert run("collect", str(tmp_path / f"{number}.xlsx")).returncode == 0

    done = wb_tool("rollup", str(place), "-o", "all.xlsx", "--agency", DISTRICT, "--format", "json")

    result = json.loads(done.stdout)
    assert [unit["code"] for unit in result["counted"]] == ["U001", "U002", "U003"]
    assert [named["code"] for named in result["missing"]] == ["U004"]
    report = read_report((tmp_path / "all.xlsx").read_bytes()).report
    assert report is not None
    assert report["t2.licensing.decisions"] == 10 + 100 + 1000
