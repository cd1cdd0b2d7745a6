"""Each source's verdict, of many sources at once."""

from __future__ import annotations

import hashlib
import sys
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch.sharing import LOCAL, each
from workbook_tool.checks import Basis, check
from workbook_tool.checks.verdict import Verdict, agreed_in, verdict_on
from workbook_tool.errors import WorkbookToolError
from workbook_tool.files import destination, inputs_of, see_to_folder, write_whole
from workbook_tool.last_year import LastYear, Match, identify
from workbook_tool.places import stamp
from workbook_tool.rules import Finding
from workbook_tool.sources import LARGEST, Opening, open_report, read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook_tool.checks.basis import Limits
    from workbook_tool.checks.lexicon import Slip
    from workbook_tool.last_year import Known
    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Reading, Report


def read_source(source: str, opening: Opening | None = None) -> Reading:
    """Read one file, or standard input for ``-``."""
    if source == "-":
        if sys.stdin is None:
            message = "没有标准输入 (no standard input)"
            raise WorkbookToolError(message)
        return read_report(sys.stdin.buffer.read(LARGEST + 1), opening)
    return open_report(source, opening)


class Errand(NamedTuple):
    """What is done with a source beside judging it, while it is at hand."""

    annotate: Mapping[str, Path]
    """Where the annotated workbook of a file goes."""
    draw: str | None
    """Which sources are drawn for the page of findings: ``all``, those that are ``faulty``, or none."""
    language: str
    force: bool
    agreed: bool = False
    """Whether the figures of the prose that agree with the tables are listed."""
    stamped: bool = False
    """Whether it is noted what was there to read."""


class Against(NamedTuple):
    """What every source is held against besides itself."""

    limits: Limits
    last_year: LastYear | None = None
    lexicon: tuple[Slip, ...] = ()


class Judged(NamedTuple):
    """A verdict, and what became of the errand."""

    verdict: Verdict
    drawing: str = ""
    copy: Path | None = None
    """The annotated workbook that was written."""
    problem: str = ""
    """Why one that was asked for could not be written."""
    match: Match = Match.FOUND
    """Why it was not held against last year's report where it should have been."""
    stamp: str = ""
    """What changes with the source (see `places.stamp`), from before it was read; where that was asked."""


def annotated_paths(
    files: Sequence[str], folder: Path, beside: Iterable[str | Path | None] = (), *, force: bool
) -> dict[str, Path]:
    """Where the annotated workbook of each file goes: in `folder`, under the file's name.

    Refused before anything is done where one stands there already, unless `force`; never over a source,
    nor over a file that is read `beside` them.
    """
    inputs = inputs_of([*files, *beside])
    see_to_folder(folder)
    paths: dict[str, Path] = {}
    taken: set[str] = set()
    for file in files:
        stem = "stdin" if file == "-" else Path(file).stem
        names = (f"{stem}.xlsx" if number == 1 else f"{stem}-{number}.xlsx" for number in count(1))
        name = next(name for name in names if name.lower() not in taken)
        taken.add(name.lower())
        destination(folder / name, force=force, inputs=inputs, made=folder)
        paths[file] = folder / name
    return paths


def judge(
    files: Sequence[str],
    opening: Opening | None = None,
    errand: Errand | None = None,
    against: Against | None = None,
    engine: str = LOCAL,
) -> Iterator[Judged]:
    """The verdict on each file, in order; an unreadable one is a verdict like any other.

    Many files are shared out (see `each`).
    """
    work = partial(_judge_one, opening=opening, errand=errand, against=against or Against({}))
    return each(work, files, _lost, engine)


def identify_all(files: Sequence[str], opening: Opening) -> Iterator[Known | None]:
    """Whose report is in each of `files`, and on which year, shared out like `judge`."""
    return each(partial(identify, opening=opening), files, _unknown)


def died(problem: Phrase) -> Finding:
    """The finding on a source with which the program failed, or the process that read it."""
    return Finding("W-01", case="died", details={"problem": problem})


def _lost(file: str, problem: Phrase) -> Judged:
    return Judged(verdict_on(file, None, [died(problem)]))


def _unknown(_file: str, _problem: Phrase) -> None:
    return None


def _judge_one(file: str, opening: Opening | None, errand: Errand | None, against: Against) -> Judged:
    noted = stamp(file) if errand and errand.stamped else ""
    reading = read_source(file, opening)
    prior, match = None, Match.FOUND
    if against.last_year and reading.report:
        prior, match = against.last_year.of(reading.report)
    basis = Basis(prior, against.limits, against.lexicon)
    verdict = verdict_on(file, reading.report, check(reading, basis=basis))
    if errand and errand.agreed and reading.report:
        verdict = verdict._replace(agreed=agreed_in(reading.report))
    judged = Judged(verdict, match=match, stamp=noted)
    if errand is None:
        return judged
    if file in errand.annotate and reading.report:
        try:
            judged = judged._replace(copy=_annotate(file, reading.report, verdict, errand))
        except WorkbookToolError as error:
            judged = judged._replace(problem=str(error))
    if errand.draw is None or (errand.draw == "faulty" and not verdict.findings):
        return judged
    from workbook_tool.reporters.drawing import draw  # noqa: PLC0415  # only what is asked for

    prefix = f"f{hashlib.sha256(file.encode(errors='surrogateescape')).hexdigest()[:8]}"
    return judged._replace(drawing=draw(verdict, reading.report, errand.language, prefix))


def _annotate(file: str, report: Report, verdict: Verdict, errand: Errand) -> Path | None:
    """Write the annotated workbook of `file`; none where something would be lost in it."""
    from workbook_tool.excel.build import annotated_bytes  # noqa: PLC0415  # only what is asked for
    from workbook_tool.excel.marks import cannot_be_copied  # noqa: PLC0415

    if any(cannot_be_copied(finding) for finding in verdict.findings):
        return None
    data = annotated_bytes(report, verdict.findings, errand.language)
    write_whole(errand.annotate[file], data, force=errand.force)
    return errand.annotate[file]
