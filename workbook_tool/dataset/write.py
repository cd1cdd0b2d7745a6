"""Writing a data set, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.dataset.schema import TABLES
from workbook_tool.errors import OutputError, WorkbookToolError
from workbook_tool.files import EXISTS, destination, see_to_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.dataset.rows import Batch
    from workbook_tool.files import Identity


class Format(NamedTuple):
    """A format of data sets: its writer as "module.function", and what has to be installed for it."""

    writer: str
    needs: tuple[str, ...]
    is_folder: bool


FORMATS = {
    ".parquet": Format("parquet.write_parquet", ("pyarrow",), is_folder=True),
    ".duckdb": Format("duckdb_file.write_duckdb", ("duckdb", "pyarrow"), is_folder=False),
    ".sqlite": Format("sqlite_file.write_sqlite", (), is_folder=False),
    ".csv": Format("csv_folder.write_csv", (), is_folder=True),
}
"""The formats by the suffix of what is written."""

_OURS = ".wb-"
"""How the folder begins in which a data set is made."""

_NOT_OURS = "文件夹里有别的东西，不会覆盖 (a folder with other things in it is never overwritten)"
_NO_FOLDER = "是一个文件，而这种数据集是文件夹，请换个名称 (a file where a folder is to be; use another name)"
_INPUT = "是或含有本次要读的文件，不会覆盖 (is or holds what is read by this command, never overwritten)"


def format_of(path: Path) -> Format:
    """The format that `path` is named after; a `WorkbookToolError` where it cannot be written here."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        known = "、".join(FORMATS)
        message = f"数据集的文件名应以 {known} 结尾 (a data set ends in one of these): {path}"
        raise WorkbookToolError(message)
    missing = [name for name in found.needs if find_spec(name) is None]
    if missing:
        message = (
            f"写 {path.suffix} 需要另外安装 {'、'.join(missing)}：pip install 'wb-tool[data]'"
            f"；.sqlite 和 .csv 不需要 (not installed; .sqlite and .csv need nothing)"
        )
        raise WorkbookToolError(message)
    return found


def see_to_data_set(path: Path, *, force: bool = False, inputs: frozenset[Identity] = frozenset()) -> None:
    """See to it that a data set may be put at `path`, before any work; else a `WorkbookToolError`.

    As for any file (see `files.destination`); a folder is overwritten only if it is a data set itself.
    """
    found = format_of(path)
    place = Path(os.path.realpath(path))
    if any(isinstance(one, str) and Path(one).is_relative_to(place) for one in inputs):
        raise OutputError(path, _INPUT)
    if found.is_folder and path.is_file():
        raise OutputError(path, _NO_FOLDER)
    if not found.is_folder or not path.is_dir():
        destination(path, force=force, inputs=inputs)
        return
    if not force:
        raise OutputError(path, EXISTS)
    known = {table.name for table in TABLES}
    if path.is_symlink() or any(entry.name.removesuffix(".csv") not in known for entry in path.iterdir()):
        raise OutputError(path, _NOT_OURS)
    see_to_folder(place.parent)


def write_data_set(path: Path, batches: Iterable[Batch], *, force: bool = False) -> None:
    """Write the rows of `batches` as a data set at `path`, in the format that it is named after.

    It is made in a folder beside `path` and put in its place when it is finished.
    """
    see_to_data_set(path, force=force)
    module, _, name = format_of(path).writer.partition(".")
    write = getattr(import_module(f"workbook_tool.dataset.{module}"), name)
    place = Path(os.path.realpath(path))
    made_in = tempfile.TemporaryDirectory
    with _told_of(path), made_in(dir=place.parent, prefix=_OURS, ignore_cleanup_errors=True) as folder:
        made, before = Path(folder, "made"), Path(folder, "before")
        write(made, batches)
        see_to_data_set(path, force=force)  # it may have taken an hour
        if place.is_dir():
            place.rename(before)
        try:
            made.rename(place) if made.is_dir() else made.replace(place)
        except OSError:
            if before.exists():
                before.rename(place)
            raise
        shutil.rmtree(before, ignore_errors=True)


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """What cannot be written where `path` is made is told of `path`."""
    try:
        yield
    except OutputError as error:
        problem = error.problem.replace(str(error.path), str(path))
        raise OutputError(path, problem) from error
    except OSError as error:
        if error.filename and _OURS not in str(error.filename):
            raise
        raise OutputError(path, f"无法写入 (cannot write): {error.strerror or error}") from error
