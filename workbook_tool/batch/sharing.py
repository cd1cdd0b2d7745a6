"""Work on many sources, shared out: in order, a window of it at a time, each source for itself."""

from __future__ import annotations

import os
import re
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_tool.batch.task import Task
from workbook_tool.errors import WorkbookToolError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workbook_tool.batch.crew import Crew, Promise

    _Waiting = deque[tuple[tuple[Any, ...], Promise]]

_Source = TypeVar("_Source")
_Result = TypeVar("_Result")

LOCAL = "local"
"""The engine that is the processors of this machine."""

_DASK = "dask://"
_ADDRESS = re.compile(rf"{_DASK}(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{{1,5}}")
_PATIENCE = 5
_LOST = Phrase("几个工作进程都中止了", "several workers died")
_CHUNK = 16
_WORTH_A_PROCESS = 16
"""Fewer files than this are read sooner than a process starts."""


def each(
    work: Callable[[_Source], _Result],
    sources: Sequence[_Source],
    lost: Callable[[_Source, Phrase], _Result],
    engine: str = LOCAL,
) -> Iterator[_Result]:
    """What `work` gives for each of `sources`, in order; a few hundred results are held at a time.

    Few are done here. Many are shared out among processes, or by an `engine` such as ``dask://host:8786``
    among the workers of a cluster; then whatever goes wrong with a source, even if the worker dies of it,
    is what `lost` says of it. `work` and `lost` cross processes.
    """
    if engine == LOCAL and len(sources) < 2 * _WORTH_A_PROCESS:
        yield from map(work, sources)
        return
    yield from share(Task(work, lost), sources, engine)


def share(task: Task, sources: Sequence[Any], engine: str = LOCAL, chunk: int = _CHUNK) -> Iterator[Any]:
    """The results of `task` on each of `sources`, in order, given out in chunks to a crew."""
    crew = _crew(task, sources, engine, chunk)
    if crew is None:
        from workbook_tool.batch.crew import do_one  # noqa: PLC0415

        yield from (do_one(task, source) for source in sources)
        return
    with crew:
        waiting: _Waiting = deque()
        for start in range(0, len(sources), chunk):
            some = tuple(sources[start : start + chunk])
            waiting.append((some, crew.give(some)))
            if len(waiting) >= crew.window:
                yield from _first(waiting, crew, task)
        while waiting:
            yield from _first(waiting, crew, task)


def _first(waiting: _Waiting, crew: Crew, task: Task) -> Iterator[Any]:
    """The results of the chunk that was given out first; one by one where a worker was lost with it."""
    chunk, future = waiting.popleft()
    try:
        results = future.result()
    except crew.losses:
        if crew.recover():
            for at, (other, _) in enumerate(waiting):
                waiting[at] = other, crew.give(other)
        results = [_apart(source, crew, task) for source in chunk]
    yield from results


def _apart(source: Any, crew: Crew, task: Task) -> Any:  # noqa: ANN401  # what work gives
    """The result of one source that may have cost a worker; it may be lost for the sake of another again."""
    for _ in range(_PATIENCE):
        try:
            return crew.give_apart(source).result()
        except crew.losses:
            crew.recover()
    return task.lost(source, _LOST)


def _crew(task: Task, sources: Sequence[Any], engine: str, chunk: int) -> Crew | None:
    """The crew for so many sources; none where they are done in this process."""
    if engine == LOCAL:
        workers = min(os.cpu_count() or 1, len(sources) // chunk)
        if workers < 2 or "-" in sources:  # noqa: PLR2004  # one worker is this process
            return None
        from workbook_tool.batch.crew import LocalCrew  # noqa: PLC0415  # only what is asked for

        return LocalCrew(task, workers)
    if not _ADDRESS.fullmatch(engine):
        message = f"--engine: 应为 local 或 dask://主机:端口 (local or dask://host:port): {engine}"
        raise WorkbookToolError(message)
    if "-" in sources:
        message = "标准输入不能交给集群 (standard input cannot be given to a cluster)"
        raise WorkbookToolError(message)
    from workbook_tool.batch.cluster import DaskCrew  # noqa: PLC0415  # optional libraries

    return DaskCrew(task, engine.removeprefix(_DASK))
