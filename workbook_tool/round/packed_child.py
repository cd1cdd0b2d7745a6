"""The child process that opens 7z and rar: bytes in, members and perhaps a refusal out.

Run as ``python -m workbook_tool.round.packed_child KIND``; used by `packed` and by nobody else.
"""

from __future__ import annotations

import pickle
import sys

from workbook_tool.phrase import Phrase
from workbook_tool.round.archives import Allowance, Member, Refused

MEMORY = 2 << 30
"""Bytes of address space: the members twice, and what a compression method remembers."""

SECONDS = 60
"""Processor time, also for each program that is called."""

_MISSING = Phrase("需要安装 wb-tool[archives]", "wb-tool[archives] has to be installed")


def main() -> None:
    """Read an archive from standard input and write what is in it to standard output."""
    most, size, data = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own parent
    _limit()
    found: list[Member] = []
    refusal: Refused | None = None
    try:
        _read_into(found, sys.argv[1], data, Allowance(most, size))
    except Refused as refused:
        refusal = refused
    except ImportError:
        refusal = Refused("unsupported-format", _MISSING)
    except MemoryError:
        refusal = Refused("unsafe")
    except Exception:  # noqa: BLE001  # whatever such a library raises: its archive is not what it should be
        refusal = Refused("corrupt")
    pickle.dump((found, refusal), sys.stdout.buffer)


def _read_into(found: list[Member], kind: str, data: bytes, allowance: Allowance) -> None:
    # Each kind loads only its own library.
    if kind == "7z":
        from workbook_tool.round.seven_zip import read_seven_zip as read  # noqa: PLC0415
    else:
        from workbook_tool.round.rar import read_rar as read  # noqa: PLC0415
    for member in read(data, allowance):
        found.append(member)  # noqa: PERF402  # what was read before a refusal stays


def _limit() -> None:
    """Bound memory and time where the system can; elsewhere the parent's time-out remains."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    main()
