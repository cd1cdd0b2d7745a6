"""The child process that takes PDFs apart: bytes in, `Contents` or a refusal out.

Run as ``python -m workbook_tool.published.pdf.child``; used by `reader` and by nobody else.
"""

from __future__ import annotations

import logging

from workbook_tool.children import limit_time, serve_sources

MEMORY = 400 << 20
"""Bytes of address space for one document, of which the program itself takes 60 MiB."""

SECONDS = 2
"""Processor time for one document; a report of ten pages takes 0.3."""


def main() -> None:
    """Read one document after another for the parent."""
    logging.disable()
    serve_sources(_job, MEMORY)


def _job(job: tuple[bytes, tuple[str, ...]]) -> object:
    from workbook_tool.published.pdf.source import contents_of  # noqa: PLC0415  # loaded within the limits

    limit_time(SECONDS)
    return contents_of(*job)


if __name__ == "__main__":
    main()
