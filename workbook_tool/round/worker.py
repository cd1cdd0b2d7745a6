"""The child that takes one message apart and judges the workbooks in it.

Run as ``python -m workbook_tool.round.worker``; used by `collect` and by nobody else. Each workbook is
opened in a child of its own in turn, so that a hostile one takes nothing else with it.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool import __version__
from workbook_tool.checks import check
from workbook_tool.checks.verdict import verdict_on
from workbook_tool.children import limit_memory, serve
from workbook_tool.errors import SourceError
from workbook_tool.files import keep
from workbook_tool.fingerprint import digest
from workbook_tool.round.settings import Limits
from workbook_tool.round.unpack import Unpacked, Unpacking, reason_of
from workbook_tool.sources import Opening, read_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Reading, Report
    from workbook_tool.round.envelope import Envelope
    from workbook_tool.round.unpack import Leaf

MEMORY = 3 << 30
"""Bytes of address space for taking a message apart."""


class Job(NamedTuple):
    """What there is to do: the bytes of a message or file, and where its workbooks are kept."""

    data: bytes
    name: str
    parts: Path
    limits: Limits = Limits()
    passwords: tuple[str, ...] = ()


class Judgement(NamedTuple):
    """How the workbook in a part fares, and whose it says it is."""

    digest: str
    status: str
    errors: int
    warnings: int
    notices: int
    rules: dict[str, int]
    tokens: tuple[str, ...]
    codes: tuple[str, ...]
    agency: str
    year: int | None
    is_filled: bool
    tool: str = __version__


class Part(NamedTuple):
    """One file of a message, without its bytes."""

    path: str
    name: str
    sha: str
    kind: str
    size: int
    envelope: Envelope
    reason: str
    why: Phrase
    judgement: Judgement | None = None


class Intake(NamedTuple):
    """What came of one message or loose file."""

    unpacked: Unpacked
    parts: tuple[Part, ...]


def take_in(job: Job) -> Intake:
    """Take a message or a file apart, keep its workbooks under their hash, judge them."""
    unpacking = Unpacking(job.limits)
    parts = tuple(_parts(unpacking, job))
    return Intake(unpacking.outcome, parts)


def part_file(folder: Path, sha: str) -> Path:
    """Where the bytes of a part are kept."""
    return folder / sha[:2] / sha


def read_part(folder: Path, sha: str, passwords: tuple[str, ...] = ()) -> Reading:
    """Read a workbook that was kept, in a child process."""
    return read_report(part_file(folder, sha).read_bytes(), Opening(isolate=True, passwords=passwords))


def judge(reading: Reading) -> Judgement | None:
    """The judgement on a workbook; ``None`` where there is no report in it."""
    report = reading.report
    if report is None:
        return None
    verdict = verdict_on("", report, check(reading))
    levels = Counter(finding.severity for finding in verdict.findings)
    codes = (report.cover.get("agency_code", ""), report.issued.get("agency_code", ""))
    return Judgement(
        digest=digest(report),
        status=verdict.status,
        errors=levels["error"],
        warnings=levels["warning"],
        notices=levels["notice"],
        rules=dict(sorted(Counter(finding.rule for finding in verdict.findings).items())),
        tokens=tuple(report.issued.get("token", "").split()),
        codes=tuple(dict.fromkeys(filter(None, codes))),
        agency=report.agency,
        year=report.year,
        is_filled=_is_filled(report),
    )


def _is_filled(report: Report) -> bool:
    """Whether anything was entered since the workbook was issued."""
    figures = (figure for cell, figure in report.values.items() if not cell.is_total)
    return any(figure is not None for figure in figures) or bool(
        report.entries or any(report.narratives.values())
    )


def _parts(unpacking: Unpacking, job: Job) -> Iterator[Part]:
    for leaf in unpacking.unpack(job.data, job.name):
        sha = sha256(leaf.content).hexdigest()
        if not leaf.is_workbook:
            yield _part(leaf, sha)
            continue
        keep(part_file(job.parts, sha), leaf.content)
        reading = read_part(job.parts, sha, job.passwords)
        judgement = judge(reading)
        if judgement:
            yield _part(leaf, sha)._replace(judgement=judgement)
        else:
            refusal = reading.findings[0]
            reason, why = reason_of(SourceError(refusal.case, dict(refusal.details)))
            yield _part(leaf._replace(reason=reason, why=why), sha)


def _part(leaf: Leaf, sha: str) -> Part:
    return Part(leaf.path, leaf.name, sha, leaf.kind, len(leaf.content), leaf.envelope, leaf.reason, leaf.why)


def main() -> None:
    """Take in one message after another for the parent."""
    limit_memory(MEMORY)
    serve(_work)


def _work(job: Job) -> object:
    try:
        return take_in(job)
    except (MemoryError, RecursionError):
        return None


if __name__ == "__main__":
    # What is pickled must be of the module by its own name.
    import_module("workbook_tool.round.worker").main()
