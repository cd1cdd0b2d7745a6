"""The data set as parts that the workers write where they are: for object storage, and more than one machine.

A part is a few hundred sources. Its files are named after its number, so that a worker that takes over a lost
one's part writes the same files again. The last file of all, ``_SUCCESS``, says that nothing is missing.
"""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch import LOCAL, Task
from workbook_tool.batch.crew import do_apart, do_one
from workbook_tool.batch.sharing import share
from workbook_tool.dataset.parquet import write_parts
from workbook_tool.dataset.rows import batches
from workbook_tool.dataset.schema import TABLES
from workbook_tool.errors import OutputError
from workbook_tool.files import EXISTS
from workbook_tool.places.remote import found_under, put, remove, write_remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from workbook_tool.batch import Record
    from workbook_tool.dataset.rows import Units
    from workbook_tool.phrase import Phrase

_SOURCES = 250
"""Sources of a part: enough for a Parquet file, few enough for every worker to have some."""

_SUCCESS = "_SUCCESS"


class Written(NamedTuple):
    """A part that stands in the storage: how many sources are in it, and which of them say nothing."""

    number: int
    sources: int
    unread: tuple[str, ...]


class _Part(NamedTuple):
    number: int
    files: tuple[str, ...]


class _Job(NamedTuple):
    """What is the same for every part."""

    address: str
    task: Task
    units: Units | None


def see_to_parts(address: str, *, force: bool) -> None:
    """See to it that a data set may be put at `address`; else an `OutputError`.

    What stands there is overwritten only by `force`, and only if it is a data set itself.
    """
    there = found_under(address)
    if there and not force:
        raise OutputError(address, EXISTS)
    if not {name.partition("/")[0] for name in there} <= {*(table.name for table in TABLES), _SUCCESS}:
        raise OutputError(address, "里面有别的东西,不会覆盖 (other things are there, never overwritten)")


def write_partitions(
    files: Sequence[str], address: str, task: Task, units: Units | None = None, engine: str = LOCAL
) -> Iterator[Written]:
    """Write the records that `task` makes of `files` as a data set at `address`: its parts as they come."""
    remove(address)
    job = _Job(address.rstrip("/"), task, units)
    parts = [
        _Part(number, tuple(files[start : start + _SOURCES]))
        for number, start in enumerate(range(0, len(files), _SOURCES))
    ]
    writing = Task(partial(_write, job, do_one), _unwritten, partial(_write, job, do_apart))
    sources = 0
    for written in share(writing, parts, engine, chunk=1):
        sources += written.sources
        yield written
    content = {"schema": "wb-tool/dataset/1", "parts": len(parts), "sources": sources}
    write_remote(f"{job.address}/{_SUCCESS}", (json.dumps(content) + "\n").encode())


def _write(job: _Job, do: Callable[[Task, str], Record], part: _Part) -> Written:
    """Write one part: into a folder of this machine, and from there to its place."""
    unread: list[str] = []

    def made() -> Iterator[Record]:
        for file in part.files:
            record: Record = do(job.task, file)
            if not record.is_readable:
                unread.append(file)
            yield record

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)

        def opened(name: str) -> BinaryIO:
            (place / name).parent.mkdir(exist_ok=True)
            return (place / name).open("wb")

        rows = (batch for batch in batches(made(), job.units) if batch[0] != "units" or not part.number)
        write_parts(opened, rows, part.number)
        for path in sorted(place.rglob("*.parquet")):
            put(path, f"{job.address}/{path.relative_to(place).as_posix()}")
    return Written(part.number, len(part.files), tuple(unread))


def _unwritten(part: _Part, problem: Phrase) -> Written:
    """A part without which there is no data set: what hindered it hinders the others as well."""
    said = f"没有写成 (was not written): {problem.zh} ({problem.en})"
    name = f"part-{part.number:05}"
    raise OutputError(name, said)
