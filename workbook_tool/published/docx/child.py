"""The child process that takes large Word documents apart: a `Package` in, a `Document` or a refusal out.

Run as ``python -m workbook_tool.published.docx.child``; used by `reader` and by nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import limit_time, serve_sources

if TYPE_CHECKING:
    from workbook_tool.ooxml.package import Package

MEMORY = 400 << 20
"""Bytes of address space for one document."""

SECONDS = 2
"""Processor time for one document; one of a hundred pages takes 0.4."""


def main() -> None:
    """Take one document after another apart for the parent."""
    serve_sources(_job, MEMORY)


def _job(package: Package) -> object:
    from workbook_tool.published.docx.document import document_in  # noqa: PLC0415  # loaded within the limits

    limit_time(SECONDS)
    return document_in(package)


if __name__ == "__main__":
    main()
