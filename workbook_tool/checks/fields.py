"""N-13: fields in the texts that print no figure."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from workbook_tool.checks.gaps import is_placeholder
from workbook_tool.checks.quotation import MOST
from workbook_tool.narrative.brackets import fields_meant
from workbook_tool.narrative.fields import fields_in, figures
from workbook_tool.narrative.meant import meant
from workbook_tool.narrative.names import field_name, readings
from workbook_tool.phrase import Phrase, listed
from workbook_tool.rules import Finding, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.report import Report

_SHOWN = 4


def check_fields(report: Report) -> Iterator[Finding]:
    """Every field of the texts goes by the name of one figure, and that figure is there to be printed.

    A name is told once. Fields whose cells are blank are told together: the blanks are told in the tables.
    """
    known: dict[str, Passage] = {}
    wrong: dict[str, Passage] = {}
    for text_id, text in report.texts.items():
        names = {(field.start, field.end): field.name for field in fields_in(text)}
        for found in fields_meant(report.form, text):
            passage, said = Passage(text_id, found.start, found.end), text[found.start : found.end]
            if names.get((found.start, found.end)) and len(readings(report.form, found.name)) == 1:
                known.setdefault(found.name, passage)
            elif not is_placeholder(said):  # which is told as such
                wrong.setdefault(said, passage)
    for said, passage in islice(wrong.items(), MOST):
        yield _unknown(report, said, passage)
    look_up = figures(report)
    empty = [name for name in known if look_up(name) is None]
    if empty:
        ids = (cell.id for name in empty for cell in readings(report.form, name)[0])
        yield Finding(
            "N-13",
            report.passage_place(known[empty[0]]),
            "blank",
            ids=tuple(dict.fromkeys(ids)),
            found=_bracketed(empty[0]),
            details={"fields": _listed(empty[:_SHOWN]), "number": str(len(empty))},
            passage=known[empty[0]],
        )


def _unknown(report: Report, said: str, passage: Passage) -> Finding:
    place, name = report.passage_place(passage), said[1:-1].strip()
    figures_meant = readings(report.form, name) or meant(report.form, name)
    names = [field_name(report.form, *cells) for cells in figures_meant]
    if not names:
        return Finding("N-13", place, found=said, passage=passage)
    if len(names) == 1:
        return Finding("N-13", place, "near", expected=_bracketed(names[0]), found=said, passage=passage)
    details = {"meant": _listed(names[:_SHOWN])}
    return Finding("N-13", place, "several", found=said, details=details, passage=passage)


def _listed(names: Iterable[str]) -> Phrase:
    return listed(Phrase(_bracketed(name), _bracketed(name)) for name in names)


def _bracketed(name: str) -> str:
    return f"【{name}】"
