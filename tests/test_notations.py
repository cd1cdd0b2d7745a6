"""Random reports in every notation, with irregularities: what is read is right, and what is not read is told.

How many are tried is in ``WB_TOOL_NOTATIONS`` (2000 for a long run); without it a short run, the same always.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.printed import (
    IRREGULARITIES,
    Printed,
    as_office,
    as_text,
    as_web,
    for_kind,
    printed,
    random_report,
)
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbook_tool.report import Reading


class Notation(NamedTuple):
    """How a page is written, of which kind that is, and what of it need not be read whole nevertheless."""

    write: Callable[[Printed, Random], bytes]
    kind: str
    keeps_text: bool = True
    excused: frozenset[str] = frozenset()


NOTATIONS = {
    "pipes": Notation(as_text.as_pipes, "ragged"),
    "barred pipes": Notation(as_text.as_barred_pipes, "ragged"),
    "padded pipes": Notation(
        as_text.as_padded_pipes, "sheet", excused=frozenset({"blank_zeros", "blank_ends"})
    ),
    "markdown": Notation(as_text.as_markdown, "ragged"),
    "ocr": Notation(as_text.as_ocr, "ragged", excused=frozenset({"explained_columns"})),
    "tabs": Notation(as_text.as_tabs, "ragged"),
    "copied sheet": Notation(as_text.as_copied_sheet, "sheet"),
    "csv": Notation(as_text.as_csv, "sheet"),
    "stream": Notation(as_text.as_stream, "stream"),
    "run": Notation(as_text.as_run, "run", keeps_text=False),
    "spaced run": Notation(as_text.as_spaced_run, "words", keeps_text=False),
    "clean page": Notation(as_web.as_clean_page, "grid"),
    "word page": Notation(as_web.as_word_page, "grid"),
    "government page": Notation(as_web.as_government_page, "grid"),
    "laid out page": Notation(as_web.as_laid_out_page, "grid"),
    "docx": Notation(as_office.as_docx, "grid"),
    "foreign workbook": Notation(as_office.as_foreign_workbook, "book"),
    "data": Notation(as_office.as_data, "data"),
}
_PRINTED = {"printed docx": Notation(as_office.as_printed_docx, "grid")}
_EXAMPLES = int(os.environ.get("WB_TOOL_NOTATIONS", "0"))
_SHORT = 80
_TURNS = 1 if _EXAMPLES else 3
"""A short run tries each irregularity in every third notation."""


class Case(NamedTuple):
    """One page: a notation, what is irregular on it, and the seed of all else."""

    notation: str
    irregular: tuple[str, ...]
    seed: int

    def page(self) -> Printed:
        """The page, with everything irregular done to it."""
        random = Random(self.seed)
        page = printed(random_report(random))
        for name in self.irregular:
            IRREGULARITIES[name].apply(page, random)
        return page

    @property
    def is_harmless(self) -> bool:
        """Whether nothing hinders that all is read.

        In print a large figure may be broken over two lines of a narrow cell, which is refused.
        """
        notation = _notation(self)
        is_kept = notation.kind not in {"run", "words"} and self.notation not in _PRINTED
        return is_kept and all(
            notation.kind in IRREGULARITIES[name].harmless and name not in notation.excused
            for name in self.irregular
        )


def _notation(case: Case) -> Notation:
    return {**NOTATIONS, **_PRINTED}[case.notation]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    notation = draw(st.sampled_from(sorted(NOTATIONS)))
    names = [one.name for one in for_kind(NOTATIONS[notation].kind)]
    irregular = draw(st.lists(st.sampled_from(names), max_size=4, unique=True)) if names else []
    return Case(notation, tuple(irregular), draw(st.integers(0, 2**32 - 1)))


def problems(case: Case) -> list[str]:
    """What is wrong with how `case` is read: wrong figures, silence about lost ones, too many lost."""
    page = case.page()
    reading = read_report(_notation(case).write(page, Random(case.seed)))
    errors = [finding for finding in reading.findings if finding.severity == "error"]
    said = [f"{finding.rule} {finding.case} {finding.found} {finding.details}" for finding in errors]
    if reading.report is None:
        return said if case.is_harmless or [finding.rule for finding in errors] != ["W-01"] else []
    values = {cell.id: figure for cell, figure in reading.report.values.items()}
    found = [
        f"{cell}: {figure} for {page.truth.get(cell, 'nothing')}"
        for cell, figure in values.items()
        if page.truth.get(cell, "nothing") != figure
    ]
    if not errors and (values.keys() != page.report.values.keys() or not page.is_single):
        found.append("nothing said")
    return found + ([*_lost(case, page, reading), *said] if case.is_harmless else [])


def _lost(case: Case, page: Printed, reading: Reading) -> Iterator[str]:
    """What should have been read."""
    assert reading.report is not None
    missing = page.truth.keys() - {cell.id for cell in reading.report.values}
    if missing:
        yield f"{len(missing)} cells are missing, such as {min(missing)}"
    subject = (reading.report.agency, reading.report.year)
    if subject != (page.report.agency, page.report.year):
        yield f"of {subject}"
    if _notation(case).keeps_text:
        read = {name: reading.report.narratives.get(name) for name in page.narratives}
        yield from (f"{name}: {read[name]!r}" for name in read if read[name] != page.narratives[name])


@pytest.mark.parametrize("notation", sorted(NOTATIONS))
def test_a_report_without_irregularities_is_read_whole(notation: str) -> None:
    for seed in range(3):
        assert problems(Case(notation, (), seed)) == []


@pytest.mark.parametrize("name", sorted(IRREGULARITIES))
def test_a_single_irregularity_is_read_right_or_refused(name: str) -> None:
    turn = sorted(IRREGULARITIES).index(name) % _TURNS
    for seed, notation in enumerate(NOTATIONS):
        if seed % _TURNS == turn and NOTATIONS[notation].kind in IRREGULARITIES[name].kinds:
            case = Case(notation, (name,), seed)
            assert problems(case) == [], case


@settings(
    max_examples=_EXAMPLES or _SHORT,
    derandomize=not _EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(cases())
def test_irregularities_together_are_read_right_or_refused(case: Case) -> None:
    assert problems(case) == []


@pytest.mark.office
@pytest.mark.parametrize(
    "irregular", [(), ("blank_zeros", "grouped"), ("digits_run_together", "misprinted_label")]
)
def test_what_libreoffice_prints_is_read_right_or_refused(irregular: tuple[str, ...]) -> None:
    assert problems(Case("printed docx", irregular, 1)) == []
