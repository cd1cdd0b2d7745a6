"""The child process that takes large pages apart: a page's source in, a `Document` or a refusal out.

Run as ``python -m workbook_tool.published.html.child``; used by `reader` and by nobody else.
"""

from __future__ import annotations

from workbook_tool.children import limit_time, serve_sources

MEMORY = 400 << 20
"""Bytes of address space for one page, of which the program itself takes a quarter."""

SECONDS = 2
"""Processor time for one page."""


def main() -> None:
    """Take one page after another apart for the parent."""
    serve_sources(_job, MEMORY)


def _job(text: str) -> object:
    from workbook_tool.published.html.document import document_in  # noqa: PLC0415  # loaded within the limits

    limit_time(SECONDS)
    return document_in(text)


if __name__ == "__main__":
    main()
