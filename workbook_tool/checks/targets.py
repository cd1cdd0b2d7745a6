"""Which part of a report a finding is about, by name, wherever the report is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.forms import cover_fields
from workbook_tool.report import OPENING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.forms import Form
    from workbook_tool.rules import Finding


_IN_A_ROW = ("text", "number")
"""The cases of W-07 that are about a row of a narrative."""


def targets_of(finding: Finding, form: Form) -> Sequence[str]:
    """The names of what `finding` is about, the one where it is told first; nothing for the whole file.

    A cell's id, ``cover.<field>``, ``<text>@<address>`` for a paragraph, or a section's id. Of words that
    disagree with figures the words are told first.
    """
    place = finding.place
    cells = [form.cells[cell_id] for cell_id in finding.ids if cell_id in form.cells]
    if cells and not finding.passage:
        told = next((cell for cell in cells if cell.where == place.words), cells[0])
        # An equation is told at one of its cells; an entry that is wrong is wrong in each.
        alone = finding.rule.startswith(("T", "H-02")) and finding.rule != "T2-02" and finding.count == 1
        return [told] if alone else [told, *(cell for cell in cells if cell is not told)]
    for field in cover_fields():
        if place.words == field.words:
            return [f"cover.{field.id}"]
    if finding.passage:
        text = finding.passage.text
        whole = form.narratives[0].id if text == OPENING else text
        return [f"{text}@{place.cell}" if place.cell else whole, *cells]
    section = next((s for s in form.sections if place.sheet == s.tab or place.words == s.name), None)
    if section is None:
        return []
    return [f"{section.id}@{place.cell}"] if finding.case in _IN_A_ROW else [section.id]
