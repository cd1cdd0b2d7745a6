"""Which files may be opened, and writing a result whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from workbook_tool.errors import OutputError, WorkbookToolError
from workbook_tool.phrase import Phrase

EXISTS = "已存在;要覆盖请加 --force (exists; use --force to overwrite)"
"""What is wrong with a path at which a file stands already."""

SPECIAL = Phrase("不是普通文件", "not a regular file")
"""What is wrong with a pipe, a socket or a device."""


def is_special(path: Path) -> bool:
    """Whether what is at `path`, or where it leads, is neither a file nor a folder.

    Reading it might never end.
    """
    return path.exists() and not path.is_file() and not path.is_dir()


def ordinary(path: Path) -> Path:
    """`path`, to be opened; a `WorkbookToolError` where it is special."""
    if is_special(path):
        message = f"{SPECIAL.zh} ({SPECIAL.en}): {path}"
        raise WorkbookToolError(message)
    return path


def write_whole(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write `content` to `path` through a temporary file beside it and a rename.

    An existing file is left alone unless `force`; so is anything when the disk fills up half way.
    """
    if path.is_symlink():
        try:
            path = path.resolve()
        except RuntimeError as error:  # a loop of links, before Python 3.13
            raise OutputError(path, "链接循环 (loop of links)") from error
    if path.is_dir():
        raise OutputError(path, "是一个文件夹 (is a directory)")
    if is_special(path):
        raise OutputError(path, f"{SPECIAL.zh} ({SPECIAL.en})")
    if path.exists() and not force:
        raise OutputError(path, EXISTS)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".wb-")
    except OSError as error:
        raise OutputError(path, f"无法写入 (cannot write): {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise OutputError(path, f"无法写入 (cannot write): {error.strerror}") from error


def keep(path: Path, content: bytes) -> None:
    """Put `content` at `path`, which is named after it: what is there already is the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, force=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
