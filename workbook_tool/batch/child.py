"""The child process in which one source is done that may have brought a worker down.

Run as ``python -m workbook_tool.batch.child``; used by `crew` and by nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook_tool.batch.crew import do_one
from workbook_tool.children import limit_memory, serve
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from workbook_tool.batch.task import Task

MEMORY = 4 << 30
"""Bytes of address space: more than any source takes that can be read."""


def main() -> None:
    """Do one source after another for the parent."""
    limit_memory(MEMORY)
    serve(_job)


def _job(job: tuple[Task, str]) -> Any:  # noqa: ANN401  # whatever the work gives
    task, source = job
    try:
        return do_one(task, source)
    except WorkbookToolError as error:
        return error


if __name__ == "__main__":
    main()
