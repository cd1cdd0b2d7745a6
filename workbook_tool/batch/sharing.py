"""Work on many sources, shared out: in order, a window of it at a time, each source for itself."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_tool.errors import WorkbookToolError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from workbook_tool.batch.crew import Crew

    _Waiting = deque[tuple[tuple[str, ...], Future[list[Any]]]]

_Result = TypeVar("_Result")

LOCAL = "local"
"""The engine that is the processors of this machine."""

_DASK = "dask://"
_PATIENCE = 5
_LOST = Phrase("几个工作进程都中止了", "several workers died")
_WORTH_A_PROCESS = 16
"""Fewer files than this are read sooner than a process starts."""


def each(
    work: Callable[[str], _Result],
    sources: Sequence[str],
    lost: Callable[[str, Phrase], _Result],
    engine: str = LOCAL,
) -> Iterator[_Result]:
    """What `work` gives for each of `sources`, in order; a few hundred results are held at a time.

    Few are done here. Many are shared out among processes, or by an `engine` such as ``dask://host:8786``
    among the workers of a cluster; then whatever goes wrong with a source, even if the worker dies of it,
    is what `lost` says of it. `work` and `lost` cross processes.
    """
    crew = _crew(work, sources, lost, engine)
    if crew is None:
        yield from map(work, sources)
        return
    with crew:
        waiting: _Waiting = deque()
        for start in range(0, len(sources), crew.chunk):
            chunk = tuple(sources[start : start + crew.chunk])
            waiting.append((chunk, crew.give(chunk)))
            if len(waiting) >= crew.window:
                yield from _first(waiting, crew, lost)
        while waiting:
            yield from _first(waiting, crew, lost)


def _first(waiting: _Waiting, crew: Crew, lost: Callable[[str, Phrase], Any]) -> Iterator[Any]:
    """The results of the chunk that was given out first; one by one where a worker was lost with it."""
    chunk, future = waiting.popleft()
    try:
        results = future.result()
    except crew.losses:
        if crew.recover():
            for at, (other, _) in enumerate(waiting):
                waiting[at] = other, crew.give(other)
        results = [_apart(source, crew, lost) for source in chunk]
    yield from results


def _apart(source: str, crew: Crew, lost: Callable[[str, Phrase], Any]) -> Any:  # noqa: ANN401  # what work gives
    """The result of one source that may have cost a worker; it may be lost for the sake of another again."""
    for _ in range(_PATIENCE):
        try:
            return crew.give_apart(source).result()
        except crew.losses:
            crew.recover()
    return lost(source, _LOST)


def _crew(
    work: Callable[[str], _Result],
    sources: Sequence[str],
    lost: Callable[[str, Phrase], _Result],
    engine: str,
) -> Crew | None:
    """The crew for so many sources; none where they are done sooner in this process."""
    # None of it is needed for a file or two, which is what most runs are about.
    from workbook_tool.batch.crew import LocalCrew, Task  # noqa: PLC0415

    if engine == LOCAL:
        workers = min(os.cpu_count() or 1, len(sources) // _WORTH_A_PROCESS)
        if workers < 2 or "-" in sources:  # noqa: PLR2004  # one worker is this process
            return None
        return LocalCrew(Task(work, lost), workers)
    if not engine.startswith(_DASK):
        message = f"--engine: local | dask://host:port, {engine}?"
        raise WorkbookToolError(message)
    if "-" in sources:
        message = "标准输入不能交给集群 (standard input cannot be given to a cluster)"
        raise WorkbookToolError(message)
    from workbook_tool.batch.cluster import DaskCrew  # noqa: PLC0415  # optional libraries

    return DaskCrew(Task(work, lost), engine.removeprefix(_DASK))
