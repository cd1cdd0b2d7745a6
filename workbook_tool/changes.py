"""What differs between two reports: figure by figure and paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from workbook_tool.forms import cover_words
from workbook_tool.narrative.fields import fill
from workbook_tool.phrase import Phrase
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report

ABSENT = "—"


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
        matcher = SequenceMatcher(a=old_lines, b=new_lines, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                old, new = "\n".join(old_lines[i1:i2]), "\n".join(new_lines[j1:j2])
                yield Difference(section.id, section.name, old, new)
