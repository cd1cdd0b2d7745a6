"""What differs between two reports: figure by figure and paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook_tool.forms import cover_words
from workbook_tool.narrative.fields import fill
from workbook_tool.phrase import Phrase
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.report import Report

ABSENT = "—"

_MOST = 20_000
"""How many changed lines of two texts are held against each other: memory grows with their square."""


@dataclass(frozen=True)
class Difference:
    """One place where two reports differ. An absent figure shows as a dash, a blank as nothing."""

    id: str
    place: Phrase
    before: str
    after: str


def compare(before: Report, after: Report) -> Iterator[Difference]:
    """Every difference from `before` to `after`; cells of different editions meet by id.

    Texts are compared as they are printed, fields filled in.
    """
    before, after = fill(before), fill(after)
    for field_id, old, new in (
        ("agency", before.agency, after.agency),
        ("year", str(before.year or ""), str(after.year or "")),
    ):
        if old != new:
            yield Difference(field_id, cover_words(field_id), old, new)
    if before.form is not after.form:
        edition = Phrase("格式版本", "edition")
        yield Difference("edition", edition, before.form.edition, after.form.edition)
    cells = dict.fromkeys([*after.form.cells.values(), *before.form.cells.values()])
    for cell in cells:
        old, new = (plain(r.values[cell]) if cell in r.values else ABSENT for r in (before, after))
        if old != new:
            yield Difference(cell.id, cell.where, old, new)
    for section in after.form.narratives:
        old_lines, new_lines = (
            text.split("\n") if (text := r.narratives.get(section.id, "")) else [] for r in (before, after)
        )
        for gone, come in _changed(old_lines, new_lines):
            yield Difference(section.id, section.name, "\n".join(gone), "\n".join(come))


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The lines of `old` and of `new` that differ, place by place; of texts without end, all in one."""
    # Only where texts are compared.
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415

    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    if len(old) * len(new) > _MOST**2:
        yield old, new
        return
    i = j = 0
    for block in LCSseq.opcodes(old, new).as_matching_blocks():  # the last one is empty
        if (i, j) != (block.a, block.b):
            yield old[i : block.a], new[j : block.b]
        i, j = block.a + block.size, block.b + block.size


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines the two begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))
