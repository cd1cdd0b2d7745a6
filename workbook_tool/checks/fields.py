"""N-13: fields in the texts that print no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.narrative.fields import fields_in, figure
from workbook_tool.narrative.names import field_name, is_meant, nearest, readings
from workbook_tool.phrase import Phrase, listed
from workbook_tool.rules import Finding, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.report import Report

_SHOWN = 4


def check_fields(report: Report) -> Iterator[Finding]:
    """Every field of the texts goes by the name of one figure, and that figure is there to be printed.

    A name is told once. Fields whose cells are blank are told together: the blanks are told in the tables.
    """
    known: dict[str, Passage] = {}
    told: set[str] = set()
    for text_id, text in report.texts.items():
        for found in fields_in(text):
            passage = Passage(text_id, found.start, found.end)
            if len(readings(report.form, found.name)) == 1:
                known.setdefault(found.name, passage)
            elif found.name not in told and is_meant(report.form, found.name):
                told.add(found.name)
                yield _unknown(report, found.name, passage)
    empty = [name for name in known if figure(report, name) is None]
    if empty:
        ids = (cell.id for name in empty for cell in readings(report.form, name)[0])
        shown = listed(Phrase(_bracketed(name), _bracketed(name)) for name in empty[:_SHOWN])
        yield Finding(
            "N-13",
            report.passage_place(known[empty[0]]),
            "blank",
            ids=tuple(dict.fromkeys(ids)),
            found=_bracketed(empty[0]),
            details={"fields": shown, "number": str(len(empty))},
            passage=known[empty[0]],
        )


def _unknown(report: Report, name: str, passage: Passage) -> Finding:
    place, said = report.passage_place(passage), _bracketed(name)
    several = readings(report.form, name)
    if several:
        names = (_bracketed(field_name(report.form, *cells)) for cells in several[:_SHOWN])
        meant = listed(Phrase(name, name) for name in names)
        return Finding("N-13", place, "several", found=said, details={"meant": meant}, passage=passage)
    near = nearest(report.form, name)
    if not near:
        return Finding("N-13", place, found=said, passage=passage)
    return Finding("N-13", place, "near", expected=_bracketed(near), found=said, passage=passage)


def _bracketed(name: str) -> str:
    return f"【{name}】"
