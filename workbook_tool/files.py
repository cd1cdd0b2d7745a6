"""Which files may be opened, and writing a result whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.errors import OutputError, WorkbookToolError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

Identity = str | tuple[int, int]

EXISTS = "已存在;要覆盖请加 --force (exists; use --force to overwrite)"
"""What is wrong with a path at which a file stands already."""

_INPUT = "是本次要读的文件,不会覆盖 (is read by this command, and never overwritten)"

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


def identities(files: Iterable[str | Path | None]) -> frozenset[Identity]:
    """What tells `files` from all others, whatever names or links lead to them; not of ``-`` and ``None``."""
    found: set[Identity] = set()
    for file in files:
        if file is None or str(file) == "-":
            continue
        found.add(os.path.realpath(file))
        with suppress(OSError, ValueError):
            status = os.stat(file)  # noqa: PTH116  # many files are asked, and a path takes its time
            found.add((status.st_dev, status.st_ino))
    return frozenset(found)


def inputs_of(files: Iterable[str | Path | None]) -> frozenset[Identity]:
    """What tells all that is read for `files`: they themselves, and the archives that some of them are in."""
    known = [str(file) for file in files if file is not None]
    folders = map(Path, {os.path.dirname(file) for file in known})  # noqa: PTH120  # files are many
    # A name in an archive may be longer than a path can be, which is no error here.
    archives = {at for folder in folders for at in (folder, *folder.parents) if os.path.isfile(at)}  # noqa: PTH113
    return identities([*known, *archives])


def see_to_folder(folder: Path) -> None:
    """See to it that files can be put in `folder`, or that it can be made; else an `OutputError`."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise OutputError(folder, "不是文件夹 (not a folder)")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(folder, "没有权限写入 (no permission to write)")


def destination(
    path: Path,
    *,
    force: bool = False,
    inputs: frozenset[Identity] = frozenset(),
    made: Path | None = None,
) -> Path:
    """Where `path` leads, once it is certain that a file may be put there; else an `OutputError`.

    An existing file is left alone unless `force`, and one of `inputs` (see `inputs_of`) in any case.
    Its folder has to be there, unless it is the one that will be `made`.
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
    if inputs and identities([path]) & inputs:
        raise OutputError(path, _INPUT)
    if path.exists() and not force:
        raise OutputError(path, EXISTS)
    if not path.parent.exists() and not identities([path.parent]) & identities([made]):
        raise OutputError(path, "没有这个文件夹 (no such folder)")
    see_to_folder(path.parent)
    return path


def write_whole(path: Path, content: bytes | Iterable[bytes], *, force: bool = False) -> None:
    """Write `content`, or its pieces as they come, to `path` through a temporary file beside it and a rename.

    What is wrong with the place is an `OutputError`, as for `destination`. What stood there is left alone
    when the disk fills up half way.
    """
    path = destination(path, force=force)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".wb-")
    except OSError as error:
        raise OutputError(path, f"无法写入 (cannot write): {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(path, f"无法写入 (cannot write): {error.strerror}") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def keep(path: Path, content: bytes) -> None:
    """Put `content` at `path`, which is named after it: what is there already is the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, force=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
