"""Units to be rolled up, as data: ``units = [{ same = ["s1"] }]``: the cases of X-01 to X-03.

Each unit is the sample report under another name with other figures and texts, but for what is the `same` as
the first one's. `roster` names the places that should be in, `stated` changes what the district states.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.editing import findings_of as findings_of_one
from tests.editing import sample_report
from tests.texts import WITHOUT_FIGURES
from workbook_tool.batch import record_of
from workbook_tool.checks import check
from workbook_tool.renderers import render
from workbook_tool.report import Report, with_totals
from workbook_tool.rollup import Named, Plan, roll_up, unit_of
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook_tool.rollup import RollUp, Unit
    from workbook_tool.rules import Finding

DISTRICT = "示例市青河区人民政府"
PLACES = ("桥西", "河东", "城北", "南关")
_ROSTER, _STATED = "roster.csv", "stated.txt"
_OWN_TEXT = (
    "围绕群众关心的事项及时更新公开栏目，组织志愿者到{place}的集市和学校讲解办事流程，"
    "邀请居民代表到窗口体验并当面听取意见，把{place}居民反映集中的问题整理成问答发布。"
    "会同社区梳理{place}片区的办事清单，逐项标明办理地点、所需材料和咨询方式。"
)


def files_of(case: Mapping[str, Any]) -> dict[str, bytes] | None:
    """The files of a case that has `units`, by their names: a report each, the roster, what is stated."""
    if "units" not in case:
        return None
    reports = [_report(number, unit.get("same", ())) for number, unit in enumerate(case["units"])]
    files = {f"{number}.txt": render(report) for number, report in enumerate(reports, start=1)}
    if "roster" in case:
        lines = [
            "单位名称,单位代码",
            *(f"{_agency(place)},QH-{PLACES.index(place) + 1:03}" for place in case["roster"]),
        ]
        files[_ROSTER] = "\n".join(lines) + "\n"
    if "stated" in case:
        files[_STATED] = render(_stated(files, case["stated"]))
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}


def rolled_up(files: Mapping[str, bytes]) -> RollUp:
    """The roll-up of the reports among `files`."""
    units = [_unit(name, data) for name, data in files.items() if name not in (_ROSTER, _STATED)]
    stated = read_report(files[_STATED]).report if _STATED in files else None
    return roll_up(units, Plan(DISTRICT, roster=_roster(files), stated=stated))


def findings_of(case: dict[str, Any]) -> list[Finding]:
    """What is found in the report of a case, or in its units together."""
    files = files_of(case)
    return findings_of_one(case) if files is None else list(rolled_up(files).findings)


def _roster(files: Mapping[str, bytes]) -> tuple[Named, ...] | None:
    if _ROSTER not in files:
        return None
    lines = (line.split(",") for line in files[_ROSTER].decode().splitlines()[1:])
    return tuple(Named(code, agency) for agency, code in lines)


def _unit(name: str, data: bytes) -> Unit:
    reading = read_report(data)
    return unit_of(record_of(name, reading.report, list(check(reading)), "zh"))


def _agency(place: str) -> str:
    return f"示例市青河区{place}街道办事处"


def _report(number: int, same: tuple[str, ...]) -> Report:
    """The report of the unit with this number; `same` are sections, or ``figures``."""
    report = sample_report()
    figures = 0 if "figures" in same else number
    texts = {
        section: text + _OWN_TEXT.format(place=PLACES[0 if section in same else number])
        if section == "s1"
        else text
        for section, text in WITHOUT_FIGURES.items()
    }
    more = {f"t3.{row}.natural": figures for row in ("received", "outcome.granted")}
    more |= {"t2.penalty.decisions": 100 * figures}
    return replace(report, agency=_agency(PLACES[number]), narratives=texts, values=_more(report, more))


def _more(report: Report, more: Mapping[str, int]) -> dict[Any, Any]:
    """The figures of `report` with so many more in some cells."""
    values = {cell: (figure or 0) + more.get(cell, 0) for cell, figure in report.values.items()}
    return with_totals(report.form, values, report.form.sums)


def _stated(files: Mapping[str, str], more: Mapping[str, int]) -> Report:
    """The sum of the units as the district might state it, with so many more in some cells."""
    report = rolled_up({name: text.encode() for name, text in files.items()}).report
    report = replace(report, narratives=dict(WITHOUT_FIGURES), paragraphs={})
    return replace(report, values=_more(report, more))
