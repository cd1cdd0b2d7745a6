"""The child process that opens what is not trusted in ours: bytes in, a `Book` or a refusal out.

Run as ``python -m workbook_tool.excel.child``; used by `isolated` and by nobody else.
"""

from __future__ import annotations

from workbook_tool.children import limit_time, serve_sources

MEMORY = 1 << 30
"""Bytes of address space for one workbook."""

SECONDS = 20
"""Processor time for one workbook; ours take 0.01."""

LONGEST = 600
"""Processor time for one workbook, however many passwords are to be tried."""


def main() -> None:
    """Open one workbook after another for the parent."""
    serve_sources(_job, MEMORY)


def _job(job: tuple[str, tuple[str, ...], bytes]) -> object:
    """A `Book`."""
    kind, passwords, data = job
    limit_time(seconds(len(passwords)))
    return _open(kind, passwords, data)


def seconds(passwords: int) -> int:
    """Processor time for one workbook: trying a password is made to take long."""
    return min(SECONDS + passwords // 4, LONGEST)


def _open(kind: str, passwords: tuple[str, ...], data: bytes) -> object:
    # Each kind loads only its own reader.
    if kind == "xlsx":
        from workbook_tool.excel.gate import open_book  # noqa: PLC0415

        return open_book(data)
    if kind == "encrypted":
        from workbook_tool.excel.encrypted import decrypt  # noqa: PLC0415
        from workbook_tool.excel.gate import open_book  # noqa: PLC0415

        return open_book(decrypt(data, passwords))
    from workbook_tool.excel.other_formats import open_values  # noqa: PLC0415

    return open_values(data, kind)


if __name__ == "__main__":
    main()
