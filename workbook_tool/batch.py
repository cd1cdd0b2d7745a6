"""Many sources: which files a command line means, and each one's verdict."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.checks import check
from workbook_tool.checks.verdict import Verdict
from workbook_tool.errors import WorkbookToolError
from workbook_tool.sources import Opening, open_report, read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.report import Reading

_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"}
_DOCUMENTS = {".html", ".htm", ".docx", ".doc", ".wps", ".pdf", ".txt", ".md", ".json"}


def expand(sources: Iterable[str]) -> list[str]:
    """The files that `sources` mean: a folder stands for the report files in it and below, in order.

    ``-`` is standard input. A path that does not exist is a `WorkbookToolError`.
    """
    files: list[str] = []
    for source in sources:
        path = Path(source)
        if source == "-":
            files.append(source)
        elif path.is_dir():
            files += (str(found) for found in sorted(path.rglob("*")) if _is_candidate(found))
        elif path.exists():
            files.append(source)
        else:
            message = f"没有这个文件 (no such file): {source}"
            raise WorkbookToolError(message)
    return files


def _is_candidate(path: Path) -> bool:
    """Whether a file found in a folder may be a report: not a lock file, not hidden, a known ending."""
    return (
        path.is_file()
        and not path.name.startswith(("~$", "."))
        and path.suffix.lower() in _WORKBOOKS | _DOCUMENTS
    )


def read_source(source: str, opening: Opening = Opening()) -> Reading:  # noqa: B008  # frozen
    """Read one file, or standard input for ``-``."""
    if source == "-":
        return read_report(sys.stdin.buffer.read(), opening)
    return open_report(source, opening)


def judge(files: Iterable[str], opening: Opening = Opening()) -> Iterator[Verdict]:  # noqa: B008  # frozen
    """The verdict on each file, in order; an unreadable one is a verdict like any other."""
    for file in files:
        reading = read_source(file, opening)
        yield Verdict(file, reading.report, tuple(check(reading)))
