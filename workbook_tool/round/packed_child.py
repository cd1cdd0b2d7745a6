"""The child process in which libraries open archives: bytes in, members and perhaps a refusal out.

Run as ``python -m workbook_tool.round.packed_child``; used by `packed` and by nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import limit_memory, limit_time, serve
from workbook_tool.phrase import Phrase
from workbook_tool.round.archives import Allowance, Member, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = 2 << 30
"""Bytes of address space: the members twice, and what a compression method remembers."""

_MISSING = Phrase("需要安装 wb-tool[archives]", "wb-tool[archives] has to be installed")


def main() -> None:
    """Open one archive after another for the parent."""
    limit_memory(MEMORY)
    serve(_job)


def _job(job: tuple[str, bytes, int, int, int]) -> tuple[list[Member], Refused | None]:
    """The members read until the end or a refusal, and the refusal."""
    kind, data, most, size, seconds = job
    limit_time(seconds)
    found: list[Member] = []
    try:
        for member in _read(kind, data, Allowance(most, size)):
            found.append(member)  # noqa: PERF402  # what was read before a refusal stays
    except Refused as refused:
        return found, refused
    except ImportError:
        return found, Refused("unsupported-format", _MISSING)
    except MemoryError:
        return found, Refused("unsafe")
    except Exception:  # noqa: BLE001  # whatever such a library raises: its archive is not what it should be
        return found, Refused("corrupt")
    return found, None


def _read(kind: str, data: bytes, allowance: Allowance) -> Iterator[Member]:
    # Each kind loads only its own library.
    if kind == "7z":
        from workbook_tool.round.seven_zip import read_seven_zip as read  # noqa: PLC0415
    elif kind == "rar":
        from workbook_tool.round.rar import read_rar as read  # noqa: PLC0415
    elif kind == "tnef":
        from workbook_tool.round.tnef import read_tnef as read  # noqa: PLC0415
    else:
        from workbook_tool.round.msg import read_message as read  # noqa: PLC0415
    return read(data, allowance)


if __name__ == "__main__":
    main()
