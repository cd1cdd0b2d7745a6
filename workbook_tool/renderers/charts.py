"""What readers like to see of table 三: applications by applicant and by outcome, against last year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import WorkbookToolError
from workbook_tool.renderers import CHARTED
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from workbook_tool.report import Report

NOTHING = "无"
"""What stands in the place of bars where all figures are 0."""

_UNKNOWN = "—"
_RECEIVED, _OUTCOME, _TOTAL = "received", "outcome", "total"
_NUMBERING = re.compile(r"^[（(][一二三四五六七八九十]+[）)]")


class Bars(NamedTuple):
    """One line of a chart: the figures of the years, this year's first; ``None`` where there is none."""

    label: str
    figures: tuple[int | Decimal | None, ...]

    @property
    def written(self) -> tuple[str, ...]:
        """The figures as people write them."""
        return tuple(_UNKNOWN if figure is None else plain(figure) for figure in self.figures)


@dataclass(frozen=True)
class Chart:
    """A picture of figures: its title, all that it shows in words, and the picture, drawn when asked for."""

    title: str
    years: tuple[str, ...]
    """What the figures of each line are of, this year first."""
    lines: tuple[Bars, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw, every figure being 0."""
        return all(figure == 0 for line in self.lines for figure in line.figures)

    @property
    def alt(self) -> str:
        """The title and every figure in words, for those who do not see the picture."""
        if self.is_empty:
            return f"{self.title}：{NOTHING}。"
        said = (
            line.label
            + _number(line.written[0])
            + "".join(f"（{year}{_number(then)}）" for year, then in rest)
            for line in self.lines
            for rest in [tuple(zip(self.years[1:], line.written[1:], strict=True))]
        )
        return f"{self.title}：{'，'.join(said)}。"

    @cached_property
    def svg(self) -> str:
        """The picture as an ``svg`` element; its words are text in the reader's own fonts."""
        from workbook_tool.renderers.bars import as_svg  # noqa: PLC0415  # loads matplotlib

        return as_svg(self)

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG, 340 points wide at 200 dpi; a `WorkbookToolError` where no font has Chinese."""
        from workbook_tool.renderers.bars import as_png  # noqa: PLC0415  # loads matplotlib

        return as_png(self)


def charts(report: Report, prior: Report | None = None) -> list[Chart]:
    """The charts of `report`, against `prior`, last year's; one whose figures are all missing is left out.

    A `WorkbookToolError` where matplotlib is not installed, or `prior` is not on the year before.
    """
    if not find_spec("matplotlib"):
        message = "画图需要安装 wb-tool[charts] (charts need the extra): pip install 'wb-tool[charts]'"
        raise WorkbookToolError(message)
    if prior and (report.year is None or prior.year != report.year - 1):
        message = (
            f"--prior 应是上一年的报告，这一份是{prior.year or '年度不明'}的"
            f" (must be the report on the year before, this one is on {prior.year or 'an unknown year'})"
        )
        raise WorkbookToolError(message)
    both = [one for one in (report, prior) if one]
    years = tuple(f"{one.year}年" if one.year else "本年" for one in both)
    drawn = (
        Chart(f"{years[0]}新收政府信息公开申请（按申请人，件）", years, tuple(_by_applicant(both))),
        Chart(f"{years[0]}政府信息公开申请办理结果（件）", years, tuple(_by_outcome(both))),
    )
    return [chart for chart in drawn if any(line.figures[0] is not None for line in chart.lines)]


def _by_applicant(reports: Sequence[Report]) -> Iterator[Bars]:
    """The applications received in the year, by who made them."""
    for column in reports[0].form.section(CHARTED).tables[0].columns.leaves:
        if not column.sum:
            cell = f"{CHARTED}.{_RECEIVED}.{column.id}"
            yield Bars(column.short, tuple(_sum(report, [cell]) for report in reports))


def _by_outcome(reports: Sequence[Report]) -> Iterator[Bars]:
    """The applications decided in the year, by the groups of outcomes."""
    for line in reports[0].form.section(CHARTED).tables[0].rows.lines:
        if line.id.startswith(f"{_OUTCOME}.") and line.id.count(".") == 1 and not line.sum:
            label = _NUMBERING.sub("", line.short)
            yield Bars(label, tuple(_sum(report, _totals(report, line.id)) for report in reports))


def _totals(report: Report, outcome: str) -> list[str]:
    """The cells with the totals of an outcome or of all that it is divided into, in the report's own form."""
    rows = report.form.section(CHARTED).tables[0].rows.leaves
    return [f"{CHARTED}.{row.id}.{_TOTAL}" for row in rows if f"{row.id}.".startswith(f"{outcome}.")]


def _sum(report: Report, cells: Iterable[str]) -> int | Decimal | None:
    """The sum of figures; ``None`` where one of them is missing or blank."""
    figures = [report.values.get(report.form.cells[cell]) for cell in cells]
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known and len(known) == len(figures) else None


def _number(written: str) -> str:
    return "无数据" if written == _UNKNOWN else f"{written}件"
