"""The child process that opens what is not trusted in ours: bytes in, a `Book` or a refusal out.

Run as ``python -m workbook_tool.excel.child KIND``; used by `isolated` and by nobody else.
"""

from __future__ import annotations

import pickle
import sys

from workbook_tool.errors import SourceError

MEMORY = 1 << 30
"""Bytes of address space for one workbook."""

SECONDS = 20
"""Processor time for one workbook; ours take 0.01."""

LONGEST = 600
"""Processor time for one workbook, however many passwords are to be tried."""


def main() -> None:
    """Read a workbook from standard input and write what came of it to standard output."""
    kind = sys.argv[1]
    passwords, data = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own parent
    _limit(seconds(len(passwords)))
    try:
        result: object = _open(kind, passwords, data)
    except SourceError as error:
        result = (error.case, error.details)
    except MemoryError:
        result = ("unsafe", {"problem": f"> {MEMORY >> 20} MiB"})
    pickle.dump(result, sys.stdout.buffer)


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


def _limit(seconds_allowed: int) -> None:
    """Bound memory and time where the system can; elsewhere the parent's time-out remains."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds_allowed, seconds_allowed))


if __name__ == "__main__":
    main()
