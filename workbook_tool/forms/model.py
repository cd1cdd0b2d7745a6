"""The official form as values: sections, tables, lines, cells and what must balance.

A `Form` is read from one TOML file (see `forms.load`) and is all that the rest of the
program knows of an edition. Everything here is frozen and safe to share. A cell is its id;
all else is what it is (an edition is loaded once), which keeps it cheap as a key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["count", "change", "money"]
"""``count``: whole, not negative. ``change``: whole, signed. ``money``: decimal, not negative."""

Relation = Literal["equal", "at_least"]


@dataclass(frozen=True, eq=False, repr=False)
class Line:
    """A row or a column of a table, or a group of such; the dots in `id` make the tree."""

    id: str
    label: str
    short: str
    en: str
    kind: Kind = "count"
    sum: tuple[str, ...] = ()
    rule: str | None = None
    prior: str | None = None
    power: str | None = None
    also: tuple[str, ...] = ()
    """Other wordings that are the same line beyond doubt."""
    field: str = ""
    """What the line is called in the fields of a text; empty where that follows from its label."""

    def __repr__(self) -> str:
        return f"Line({self.id!r})"

    @property
    def name(self) -> Phrase:
        """What messages call the line."""
        return Phrase(self.short, self.en)


@dataclass(frozen=True, eq=False)
class Axis:
    """The rows or the columns of a table, in printed order, groups included."""

    lines: tuple[Line, ...] = ()

    @cached_property
    def leaves(self) -> tuple[Line, ...]:
        """The lines that carry figures."""
        return tuple(line for line in self.lines if not self.is_group(line))

    @cached_property
    def depth(self) -> int:
        """How many label cells a leaf can have above (or left of) it, its own included."""
        return max((len(self.path(line)) for line in self.lines), default=0)

    def is_group(self, line: Line) -> bool:
        """Whether other lines stand below `line`."""
        return line.id in self._groups

    @cached_property
    def _groups(self) -> frozenset[str]:
        """What the ids of lines begin with, down to each dot in them."""
        parts = (line.id.split(".") for line in self.lines)
        return frozenset(".".join(steps[:end]) for steps in parts for end in range(1, len(steps)))

    def path(self, line: Line) -> tuple[Line, ...]:
        """The groups above `line`, outermost first, and `line` itself."""
        return tuple(
            other for other in self.lines if line.id == other.id or line.id.startswith(f"{other.id}.")
        )

    def members(self, patterns: tuple[str, ...]) -> tuple[Line, ...]:
        """The leaves named by ids or by ``group.*`` (every leaf below that is not itself a sum)."""
        return tuple(
            line
            for line in self.leaves
            if line.id in patterns
            or (
                not line.sum
                and any(p.endswith(".*") and line.id.startswith(p.removesuffix("*")) for p in patterns)
            )
        )


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """One printed table: its captions and its two axes. A table without rows has one line of figures."""

    id: str
    section: str
    columns: Axis
    rows: Axis
    banner: str | None = None
    corner: str | None = None
    heading: str | None = None
    cells: tuple[Cell, ...] = ()

    def __repr__(self) -> str:
        return f"Table({self.id!r})"


@dataclass(frozen=True, eq=False, repr=False)
class Cell(str):  # noqa: SLOT000  # it carries what the form says of it
    """One figure of the form. A cell is its id: the same id means the same in every edition.

    Being a string it is compared and hashed as fast as one, and an id finds what a cell was a key for.
    """

    id: str
    section: str
    row: Line | None
    column: Line
    kind: Kind
    where: Phrase
    name: str
    """The defined name in a workbook; it survives .xls, where a dot would not."""

    def __new__(cls, id: str, *_: object, **__: object) -> Self:  # noqa: A002  # the field's name
        """A cell with this id; the other fields are set as in any dataclass."""
        return super().__new__(cls, id)

    @cached_property
    def is_total(self) -> bool:
        """Whether the form computes this cell from others."""
        return bool(self.column.sum or (self.row and self.row.sum))

    @cached_property
    def carried_from(self) -> str | None:
        """The id of last year's cell that this one carries on, perhaps its own, if the form names one."""
        row, column = self.row.prior if self.row else None, self.column.prior
        if not row and not column:
            return None
        parts = (self.section, row or (self.row.id if self.row else ""), column or self.column.id)
        return ".".join(part for part in parts if part)


@dataclass(frozen=True, eq=False)
class Identity:
    """``sum(left) = sum(right)`` (or ``>=``) on one line of a table."""

    rule: str
    left: tuple[Cell, ...]
    right: tuple[Cell, ...]
    relation: Relation
    along: Literal["rows", "columns"]
    """The axis whose lines are added up: ``rows`` means that the identity stands in one column."""
    is_sum: bool
    """Whether `right` is one total cell that the form defines as the sum of `left`."""

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that takes part."""
        return self.left + self.right


@dataclass(frozen=True, eq=False)
class Block:
    """A labelled part of a narrative section, where staff write paragraphs."""

    id: str
    label: str
    guide: str
    free: bool = False
    """Whether text that belongs to no other block goes here; one block of a section is free."""


@dataclass(frozen=True, eq=False, repr=False)
class Section:
    """One of the six sections: a narrative (blocks) or tables."""

    id: str
    number: str
    title: str
    tab: str
    """The sheet's name in a workbook."""
    name: Phrase
    guide: str
    also: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()

    def __repr__(self) -> str:
        return f"Section({self.id!r})"

    @property
    def heading(self) -> str:
        """The heading as printed, such as ``一、总体情况``."""
        return f"{self.number}、{self.title}"

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every figure of the section, in printed order."""
        return tuple(cell for table in self.tables for cell in table.cells)


class Variant(NamedTuple):
    """A section that reports print as in another edition although the rest of them is of this one."""

    section: str
    edition: str


@dataclass(frozen=True, eq=False, repr=False)
class Form:
    """An edition of the annual report form.

    `variants` are the sections that are known to be printed as in another edition, `varied` is the one
    that is so in this form: the same edition with that section in its place.
    """

    edition: str
    version: int
    first_year: int
    last_year: int | None
    notice: str
    name: Phrase
    title: str
    opening: str
    sections: tuple[Section, ...]
    identities: tuple[Identity, ...]
    variants: tuple[Variant, ...] = ()
    varied: Variant | None = None

    def __repr__(self) -> str:
        return f"Form({self.edition!r})"

    def with_section_of(self, other: Form, variant: Variant) -> Form:
        """The same edition with one section as `other` has it, and what must balance there."""
        sections = tuple(
            other.section(section.id) if section.id == variant.section else section
            for section in self.sections
        )
        own = [identity for identity in self.identities if identity.cells[0].section != variant.section]
        own += [identity for identity in other.identities if identity.cells[0].section == variant.section]
        return replace(self, sections=sections, identities=tuple(own), varied=variant)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Every figure by its id, in printed order."""
        return {cell.id: cell for section in self.sections for cell in section.cells}

    @cached_property
    def narratives(self) -> tuple[Section, ...]:
        """The sections of prose."""
        return tuple(section for section in self.sections if not section.tables)

    @cached_property
    def tabled(self) -> tuple[Section, ...]:
        """The sections of tables."""
        return tuple(section for section in self.sections if section.tables)

    @cached_property
    def sums(self) -> Mapping[Cell, Identity]:
        """For each total the sum that defines it: along its row where there is one, else down its column."""
        defining: dict[Cell, Identity] = {}
        for identity in self.identities:
            if identity.is_sum and (identity.along == "columns" or identity.right[0] not in defining):
                defining[identity.right[0]] = identity
        return defining

    def identities_of(self, cell: Cell) -> Sequence[Identity]:
        """The identities that `cell` takes part in."""
        return self._identities.get(cell, ())

    @cached_property
    def _identities(self) -> Mapping[Cell, Sequence[Identity]]:
        found: dict[Cell, list[Identity]] = {}
        for identity in self.identities:
            for cell in dict.fromkeys(identity.cells):
                found.setdefault(cell, []).append(identity)
        return found

    def section(self, section_id: str) -> Section:
        """The section with this id."""
        return self._sections[section_id]

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {section.id: section for section in self.sections}

    def table_of(self, cell: Cell) -> Table:
        """The table that `cell` stands in."""
        return next(table for table in self.section(cell.section).tables if cell in table.cells)

    def covers(self, year: int) -> bool:
        """Whether the notice prescribes this edition for reports on `year`."""
        return self.first_year <= year <= (self.last_year or year)
