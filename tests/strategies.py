"""Random reports for property tests: balanced ones of any edition, with texts such as people write."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from workbook_tool.forms import editions, form
from workbook_tool.report import Report, with_totals
from workbook_tool.rules import Explanation

if TYPE_CHECKING:
    from workbook_tool.forms import Cell, Form

COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 40), st.integers(0, 900_000))
MONEY = st.decimals(min_value=0, max_value=10**7, places=4, allow_nan=False, allow_infinity=False)
_LETTERS = st.characters(categories=["L", "N", "P", "S"], codec="utf-8", exclude_characters="|#_")
WORDS = st.text(
    st.one_of(st.sampled_from("政府信息公开工作一二三、,。:;()“”《》0123456789条件"), _LETTERS), min_size=1
)
PARAGRAPHS = st.lists(WORDS.map(str.strip).filter(bool), max_size=8).map("\n".join)
LEVEL = {"level": "国务院部门"}
AGENCIES = st.text("东西南北市区县镇街道办事处人民政府局", min_size=2, max_size=12)


@st.composite
def reports(draw: st.DrawFn, edition: str | None = None, cover: dict[str, str] | None = None) -> Report:
    """A report without a fault: every cell filled, everything balanced."""
    known = form(edition or draw(st.sampled_from(editions())))
    values: dict[Cell, int | Decimal | None] = {
        cell: draw(_figure(cell)) for cell in known.cells.values() if not cell.is_total
    }
    _balance(known, values)
    return Report(
        form=known,
        agency=draw(AGENCIES),
        year=known.last_year or known.first_year + draw(st.integers(0, 20)),
        values=with_totals(known, values, known.sums),
        narratives={section.id: draw(PARAGRAPHS) for section in known.narratives},
        opening=known.opening,
        cover=cover or {},
    )


@st.composite
def stated_reports(draw: st.DrawFn) -> Report:
    """A report in which any figure may be blank and any total may say anything, with a full cover."""
    report = draw(reports())
    changed = {
        cell: draw(st.none() | _figure(cell)) if not cell.is_total else draw(_figure(cell))
        for cell in draw(st.sets(st.sampled_from(list(report.values)), max_size=12))
    }
    values = {**report.values, **changed}
    cover = draw(
        st.dictionaries(
            st.sampled_from(["agency_code", "contact", "phone", "date"]),
            st.text("甲乙丙0189-", min_size=1, max_size=18).filter(str.strip),
        )
    )
    texts = st.text("因故已核实数字无误0123", min_size=1)
    explanations = draw(
        st.lists(
            st.builds(
                Explanation,
                st.sampled_from(["T2-01", "V-07"]),
                st.sampled_from(["", "D6"]),
                texts,
                st.sampled_from(["", "8、2、5"]),
            ),
            max_size=3,
        )
    )
    return Report(
        form=report.form,
        agency=report.agency,
        year=report.year,
        values=with_totals(report.form, values, [c for c in report.form.sums if values[c] is None]),
        narratives=report.narratives,
        opening=report.opening,
        cover=cover,
        explanations=tuple(explanations),
    )


def _figure(cell: Cell) -> st.SearchStrategy[int | Decimal]:
    if cell.kind == "money":
        return MONEY.map(lambda amount: amount.normalize() if amount else Decimal(0))
    if cell.kind == "change":
        return st.integers(-500, 500)
    return COUNTS


def _balance(known: Form, values: dict[Cell, int | Decimal | None]) -> None:
    """Make received = outcomes + carried out - carried in, and in force >= issued - repealed."""
    cells = known.cells
    outcomes = known.sums[cells["t3.outcome.total.natural"]].left
    for total in (cell for cell in cells.values() if cell.section == "t3" and not cell.column.sum):
        if total.row is None or total.row.id != "received":
            continue
        column = total.column.id
        closed = sum(values[cells[f"{part.id.removesuffix('natural')}{column}"]] or 0 for part in outcomes)
        carried_in, carried_out = cells[f"t3.carried_in.{column}"], cells[f"t3.carried_out.{column}"]
        balance = closed + (values[carried_out] or 0) - (values[carried_in] or 0)
        if balance < 0:
            values[carried_in] = 0
            balance = closed + (values[carried_out] or 0)
        values[total] = balance
    for identity in known.identities:
        if identity.relation == "at_least":
            in_force, repealed = identity.left
            values[in_force] = max(
                values[in_force] or 0, (values[identity.right[0]] or 0) - (values[repealed] or 0)
            )
