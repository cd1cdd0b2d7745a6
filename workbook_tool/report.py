"""The value in the middle of everything: one agency's report on one year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.forms import cover_words
from workbook_tool.phrase import Phrase
from workbook_tool.rules import Explanation, Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form, Identity
    from workbook_tool.rules import Passage

OPENING = "opening"
"""What the opening sentences go by among the texts of a report."""

_OPENING_WORDS = Phrase("开头语", "opening sentence")


class Paragraph(NamedTuple):
    """What stands in one row of a narrative: in which block, and where; not all of it is text to be read."""

    block: str
    content: str | int | float
    cell: str
    is_read: bool
    sheet: str = ""


@dataclass(frozen=True)
class Report:
    """One agency, one year, one edition: the figures and the three narratives.

    `values` holds every cell that the source has: ``None`` is a blank, and a blank is not 0.
    A cell that the source lacks, or whose value could not be decided, is not in it.
    `narratives` are paragraphs joined by line breaks, by section id; a document may lack one of them.
    `cover` holds the other fields of the cover by their ids (see ``templates/workbook.toml``).
    `places` says where a value was read, `computed` which totals are what their parts give, by formula,
    `entries` what stands in cells whose figure could not be decided, `issued` for whom the workbook
    was issued (cover fields, ``template_id``, and ``token``: more than one where the file has more),
    `cover_places` where the fields of the cover stand,
    `paragraphs` how the narratives were laid out, `members` who is in a roll-up, by code or else by name;
    reports are equal whatever these are.
    """

    form: Form
    agency: str
    year: int | None
    values: Mapping[Cell, int | Decimal | None]
    narratives: Mapping[str, str]
    opening: str
    cover: Mapping[str, str] = field(default_factory=dict)
    explanations: tuple[Explanation, ...] = ()
    places: Mapping[Cell, Place] = field(default_factory=dict, compare=False, repr=False)
    computed: frozenset[Cell] = field(default=frozenset(), compare=False, repr=False)
    entries: Mapping[Cell, str | int | float] = field(default_factory=dict, compare=False, repr=False)
    issued: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    cover_places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    paragraphs: Mapping[str, tuple[Paragraph, ...]] = field(default_factory=dict, compare=False, repr=False)
    members: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __getitem__(self, cell_id: str) -> int | Decimal | None:
        """The figure with this id; a `KeyError` where the report does not have it."""
        return self.values[self.form.cells[cell_id]]

    @property
    def on_sheets(self) -> bool:
        """Whether the figures were read from a workbook, where each has a cell to be filled."""
        return any(place.sheet for place in self.places.values())

    def place(self, cell: Cell) -> Place:
        """Where `cell` stands, as precisely as the source allows."""
        return self.places.get(cell) or Place(cell.where)

    def cover_place(self, field_id: str) -> Place:
        """Where a field of the cover stands."""
        return self.cover_places.get(field_id) or Place(cover_words(field_id))

    @cached_property
    def added_up(self) -> Mapping[Cell, int | Decimal | None]:
        """`values` with every total as its parts give it."""
        if self.computed >= self.form.sums.keys() and len(self.values) == len(self.form.cells):
            return self.values
        return with_totals(self.form, self.values, self.form.sums)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The prose: the opening sentences and the narratives, by ``opening`` and the sections' ids."""
        return {OPENING: self.opening, **self.narratives}

    def text_name(self, text_id: str) -> Phrase:
        """What messages call one of `texts`."""
        return _OPENING_WORDS if text_id == OPENING else self.form.section(text_id).name

    def passage_place(self, passage: Passage) -> Place:
        """Where the words of `passage` stand: the row of their paragraph, if they were read from a sheet."""
        words = self.text_name(passage.text)
        stood = [paragraph for paragraph in self.paragraphs.get(passage.text, ()) if paragraph.is_read]
        line = self.texts[passage.text].count("\n", 0, passage.start)
        if line < len(stood):
            return Place(words, stood[line].sheet or None, stood[line].cell or None)
        return Place(words)

    def holds(self, identity: Identity) -> bool | None:
        """Whether `identity` holds on the figures as stated.

        ``None`` where that cannot be said: a cell is missing, all are blank, or a total is blank
        (which is a finding of its own).
        """
        try:
            figures = [self.values[cell] for cell in identity.cells]
        except KeyError:
            return None
        if None in figures:
            if not any(figure is not None for figure in figures):
                return None
            if any(self.values[cell] is None for cell in identity.cells if cell.is_total):
                return None
        left, right = self.sides(identity)
        return left == right if identity.relation == "equal" else left >= right

    def sides(self, identity: Identity) -> tuple[int | Decimal, int | Decimal]:
        """The two sums of `identity` on the figures as stated, blanks counting as nothing."""
        left, right = (add_up(self.values.get(c) for c in side) for side in (identity.left, identity.right))
        return left or 0, right or 0


class Reading(NamedTuple):
    """What came out of a source: the report, if there is one, and what was wrong with reading it."""

    report: Report | None
    findings: tuple[Finding, ...] = ()


def with_totals(
    form: Form, values: Mapping[Cell, int | Decimal | None], totals: Iterable[Cell]
) -> dict[Cell, int | Decimal | None]:
    """`values` with each of `totals` set to the sum of its parts, totals among the parts first.

    Blanks count as nothing; a total whose parts are all blank is blank. A total with a part that
    is not in `values` cannot be known and stays out.
    """
    todo = set(totals)
    result = {cell: figure for cell, figure in values.items() if cell not in todo}
    for total, parts in _parts_first(form):
        if total in todo and result.keys() >= parts:
            result[total] = add_up(map(result.__getitem__, parts))
    return {cell: result[cell] for cell in form.cells.values() if cell in result}


@cache
def _parts_first(form: Form) -> tuple[tuple[Cell, frozenset[Cell]], ...]:
    """The totals of `form` with their parts, each after those totals that are parts of it."""
    order = TopologicalSorter({total: identity.left for total, identity in form.sums.items()})
    return tuple(
        (cell, frozenset(form.sums[cell].left)) for cell in order.static_order() if cell in form.sums
    )


def blank_report(form: Form, agency: str = "", year: int | None = None, code: str = "") -> Report:
    """A report in which nothing has been filled in yet."""
    return Report(
        form=form,
        agency=agency,
        year=year,
        values=dict.fromkeys(form.cells.values()),
        narratives=dict.fromkeys((section.id for section in form.narratives), ""),
        opening=form.opening,
        cover={"agency_code": code} if code else {},
    )


def in_edition(report: Report, wanted: Form) -> tuple[Report, tuple[Cell, ...]]:
    """`report` on another edition's form, and its figures that have no place there.

    Only lines that mean the same are taken over; totals are left to the new form.
    """
    if report.form is wanted:
        return report, ()
    stated = {cell: figure for cell, figure in report.values.items() if figure is not None}
    kept = {cell: report.values.get(cell) for cell in wanted.cells.values() if not cell.is_total}
    dropped = tuple(cell for cell in stated if cell.id not in wanted.cells and not cell.is_total)
    values = with_totals(wanted, kept, wanted.sums)
    issued = {name: text for name, text in report.issued.items() if name != "template_id"}
    moved = replace(report, form=wanted, values=values, places={}, computed=frozenset(), issued=issued)
    return moved, dropped


def distance(left: int | Decimal, right: int | Decimal) -> int | Decimal:
    """By how much two figures differ."""
    return left - right if left > right else right - left


def plain(figure: int | Decimal | None) -> str:
    """A figure as people write it: no exponent, no trailing zeros; blank for ``None``."""
    if isinstance(figure, int):
        return str(figure)
    if figure is None:
        return ""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def add_up(figures: Iterable[int | Decimal | None]) -> int | Decimal | None:
    """The sum of `figures`, blanks counting as nothing; ``None`` where all are blank."""
    stated = [figure for figure in figures if figure is not None]
    return sum(stated) if stated else None
