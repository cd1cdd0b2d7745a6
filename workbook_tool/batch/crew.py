"""Who does the work on many sources: the processes of this machine, or a cluster.

A crew takes chunks of sources and gives a future for each; when a worker is lost, so are the futures it had.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import traceback
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from workbook_tool.children import ChildDiedError, Children
from workbook_tool.errors import WorkbookToolError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from workbook_tool.batch.task import Task

CHILDREN = Children("workbook_tool.batch.child")
PATIENCE = 600
"""Seconds that one source may take when it is done in a process of its own."""

_DIED = Phrase("进程中止", "the process died")


class Promise(Protocol):
    """A result to come, as a future has it."""

    def result(self) -> Any:  # noqa: ANN401  # whatever the work gives
        """Wait for it."""


class Crew(Protocol):
    """Workers that chunks of sources are given to."""

    window: int
    """Chunks that are given out at a time; the results of no more are held."""

    losses: tuple[type[BaseException], ...]
    """What a future raises when a worker was lost with it."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None: ...

    def give(self, sources: tuple[Any, ...]) -> Promise:
        """The results of the task on `sources`, to come."""

    def give_apart(self, source: object) -> Promise:
        """The same of one source, in a process of its own that only the source can bring down."""

    def recover(self) -> bool:
        """Be fit for work after a loss; whether what was given out has to be given again."""


class LocalCrew:
    """Processes of this machine; they end with it, and Ctrl-C is for their parent alone."""

    losses: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, task: Task, workers: int) -> None:
        """Be so many `workers` for `task`."""
        self.window = 4 * workers
        self._task = task
        self._workers = workers
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> Self:
        """Start."""
        self._pool = ProcessPoolExecutor(self._workers, initializer=_begin, initargs=(self._task,))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End all; at once where the work is not to be finished."""
        if kind is not None:
            for process in set(multiprocessing.active_children()) - self._others:
                process.kill()
            self._give_up_results()
        self._pool.shutdown(cancel_futures=True)

    def _give_up_results(self) -> None:
        """Let the pool see that no worker is left; it waits for the rest of what one was just sending."""
        results: Any = self._pool._result_queue  # noqa: SLF001  # there is no other way
        if results is not None:
            results._writer.close()  # noqa: SLF001  # this process has it open too

    def give(self, sources: tuple[Any, ...]) -> Future[list[Any]]:
        """The results of the task on `sources`, to come."""
        try:
            return self._pool.submit(_do_ours, sources)
        except BrokenExecutor as error:
            future: Future[list[Any]] = Future()
            future.set_exception(error)
            return future

    def give_apart(self, source: object) -> Future[Any]:
        """The same of one source, in a child."""
        future: Future[Any] = Future()
        future.set_result(do_apart(self._task, source))
        return future

    def recover(self) -> bool:
        """Start anew; the others that the broken pool had are lost with it."""
        self.__exit__(BrokenExecutor)
        self.__enter__()
        return True


class _Worker:
    """In a worker: its task, which would be heavy to send with every chunk, and whether it has begun."""

    task: Task
    is_warm = False


def _begin(task: Task) -> None:
    """Be a worker for `task`, until the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Worker.task = task
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _do_ours(sources: tuple[Any, ...]) -> list[Any]:
    results = do_all(_Worker.task, sources)
    if not _Worker.is_warm:
        _Worker.is_warm = True
        gc.freeze()  # what has been loaded by now stays, and is not gone through again and again
    return results


def do_all(task: Task, sources: tuple[Any, ...]) -> list[Any]:
    """The results of `task` on each of `sources`."""
    return [do_one(task, source) for source in sources]


def do_one(task: Task, source: Any) -> Any:  # noqa: ANN401  # whatever the work gives
    """The result of `task` on `source`; whatever goes wrong costs this source and no other.

    A `WorkbookToolError` is about the command, not the source, and is raised.
    """
    try:
        return task.work(source)
    except WorkbookToolError:
        raise
    except OSError as error:  # it was there when the sources were listed
        words = error.strerror or str(error)
        return task.lost(source, Phrase(words, words))
    except Exception as error:  # noqa: BLE001  # a mistake of ours, which the finding tells
        return task.lost(source, _told(error))


def do_apart(task: Task, source: Any) -> Any:  # noqa: ANN401  # whatever the work gives
    """The result of `task` on `source`, from a child; one that dies of it costs this source and no other."""
    if task.apart:
        return task.apart(source)
    try:
        with CHILDREN.lend() as child:
            result = child.ask((task, source), PATIENCE)
    except ChildDiedError as error:
        problem = f"> {PATIENCE} s" if error.overdue else None
        died = Phrase(*(f"{word} ({error.code})" for word in _DIED))
        return task.lost(source, Phrase(problem, problem) if problem else died)
    if isinstance(result, WorkbookToolError):
        raise result
    return result


def _told(error: Exception) -> Phrase:
    """What went wrong, and where in the program."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    words = " ".join(str(error).split())[:200]
    text = f"{type(error).__name__}: {words} ({Path(last.filename).name}:{last.lineno})"
    return Phrase(text, text)
