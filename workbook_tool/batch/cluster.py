"""The workers of a Dask cluster as a crew. Each has wb-tool, and reaches the sources by the same names."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import CancelledError, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from workbook_tool.batch.crew import do_all, do_apart
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from workbook_tool.batch.crew import Promise
    from workbook_tool.batch.task import Task

_SECONDS = 10
"""How long the cluster may take to answer."""

_GLANCE = 1
"""After so many seconds without a result it is seen whether the cluster is still there."""


class _Watched:
    """A result to come from a cluster, which is not waited for where the cluster is gone."""

    def __init__(self, future: Future[Any], client: Any) -> None:  # noqa: ANN401  # Dask is not typed
        self._future = future
        self._client = client

    def result(self) -> Any:  # noqa: ANN401  # whatever the work gives
        """Wait for it; a `CancelledError` where it will not come."""
        while not wait([self._future], _GLANCE).done:
            if self._client.status != "running":
                raise CancelledError
        return self._future.result()


class DaskCrew:
    """The workers behind a Dask scheduler.

    The scheduler gives what a lost worker had to another one; a chunk that several workers were lost with is
    taken apart.
    """

    losses: tuple[type[BaseException], ...] = ()

    def __init__(self, task: Task, address: str) -> None:
        """Be the crew of the scheduler at `address` (``host:port``) for `task`."""
        try:
            from distributed import Client, KilledWorker  # noqa: PLC0415  # optional
        except ImportError as error:
            message = f"需要另外安装 wb-tool[cluster] (has to be installed): {error.name or error}"
            raise WorkbookToolError(message) from error
        for name in ("asyncio", "distributed", "distributed.client", "tornado", "tornado.application"):
            # What the clerk is to know is said; what went on inside would come with tracebacks.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.losses = (KilledWorker,)
        self._task = task
        try:
            client: Any = Client
            self._client = client(f"tcp://{address}", timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            message = f"连不上集群 (the cluster cannot be reached): dask://{address}"
            raise WorkbookToolError(message) from error
        threads = sum(self._client.nthreads().values())
        self.window = max(16, 4 * threads)

    def __enter__(self) -> Self:
        """Start."""
        self._executor = self._client.get_executor(pure=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Leave the cluster, which goes on; what is not to be finished is cancelled there, if it can be."""
        leaving = threading.Thread(target=self._leave, args=(kind is None,), daemon=True)
        leaving.start()
        leaving.join(None if kind is None else _SECONDS)
        if kind is not None and issubclass(kind, CancelledError):
            message = "与集群失去联系 (the cluster is gone)"
            raise WorkbookToolError(message)

    def _leave(self, finished: bool) -> None:  # noqa: FBT001  # how a thread is given it
        with suppress(Exception):  # it may be gone
            self._executor.shutdown(wait=finished)
            self._client.close()

    def give(self, sources: tuple[Any, ...]) -> Promise:
        """The results of the task on `sources`, to come."""
        return self._submit(do_all, sources)

    def give_apart(self, source: object) -> Promise:
        """The same of one source, in a child of a worker."""
        return self._submit(do_apart, source)

    def _submit(self, work: Callable[[Task, Any], Any], on: object) -> Promise:
        try:
            return _Watched(self._executor.submit(work, self._task, on), self._client)
        except Exception as error:
            if self._client.status == "running":
                raise
            raise CancelledError from error

    def recover(self) -> bool:
        """The scheduler has seen to it."""
        return False
