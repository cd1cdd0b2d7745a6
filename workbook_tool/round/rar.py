"""Rar archives, by rarfile; what is not merely stored, a program such as unar inflates. Runs in the child."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from workbook_tool.phrase import Phrase
from workbook_tool.round.archives import Allowance, Member, Refused, left_by_a_system
from workbook_tool.round.names import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BLOCKS = 20_000
_NO_PROGRAM = Phrase(
    "解压 rar 需要另装 unar、unrar 或 bsdtar", "unpacking rar needs the program unar, unrar or bsdtar"
)
_VOLUMES = Phrase("分卷压缩，请发送不分卷的", "one volume of several; please send it in one")


def read_rar(data: bytes, allowance: Allowance) -> Iterator[Member]:
    """The files in the archive `data`."""
    import rarfile  # noqa: PLC0415  # optional

    _prefer_programs_that_can(rarfile)
    split = rarfile.RAR_FILE_SPLIT_BEFORE | rarfile.RAR_FILE_SPLIT_AFTER
    kinds: list[int] = []

    def count(block: Any) -> None:  # noqa: ANN401  # rarfile is not typed
        kinds.append(block.type)
        if len(kinds) > _MOST_BLOCKS:
            raise Refused("unsafe")
        if block.type == rarfile.RAR_BLOCK_FILE and block.flags & split:
            raise Refused("unsupported-format", _VOLUMES)

    try:
        archive = rarfile.RarFile(io.BytesIO(data), info_callback=count, errors="strict")
    except rarfile.NeedFirstVolume as error:
        raise Refused("unsupported-format", _VOLUMES) from error
    if archive.needs_password() and not archive.infolist():
        raise Refused("encrypted")
    for info in archive.infolist():
        name = info.filename if info.flags & rarfile.RAR_FILE_UNICODE else decoded_bytes(info.orig_filename)
        if info.is_file() and not left_by_a_system(name):
            yield _member(archive, info, name, allowance)
    if rarfile.RAR_BLOCK_ENDARC not in kinds:
        raise Refused("corrupt")


def _prefer_programs_that_can(rarfile: Any) -> None:  # noqa: ANN401
    """Choose 7-Zip only where there is no other program: distributions leave rar out of it."""
    try:
        rarfile.tool_setup(sevenzip=False, sevenzip2=False)
    except rarfile.RarCannotExec:
        return  # the library looks again, for all of them, when one is needed


def _member(archive: Any, info: Any, name: str, allowance: Allowance) -> Member:  # noqa: ANN401
    import rarfile  # noqa: PLC0415

    problem = ""
    if info.needs_password():
        problem = "encrypted"
    elif archive.getinfo(info) is not info:
        # Two members of one name, of which the library reads the last, twice.
        problem = "unsafe"
    allowance.take(0 if problem else (size := archive.getinfo_orig(info).file_size))
    if problem:
        return Member(name, b"", problem)
    try:
        with archive.open(info) as stream:
            return Member(name, stream.read(size))
    except rarfile.RarCannotExec as error:
        raise Refused("unsupported-format", _NO_PROGRAM) from error
    except (rarfile.Error, OSError, EOFError):
        return Member(name, b"", "corrupt")
