"""The workers of a Dask cluster as a crew. Each has wb-tool, and reaches the sources by the same names."""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, Self

from workbook_tool.batch.crew import do_all, do_apart
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workbook_tool.batch.task import Task

_SECONDS = 10
"""How long the cluster may take to answer."""


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
        for name in ("asyncio", "distributed", "distributed.client", "tornado"):
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
        """Leave the cluster, which goes on; what is not to be finished is cancelled there."""
        self._executor.shutdown(wait=kind is None)
        self._client.close()
        if kind is not None and issubclass(kind, CancelledError):
            message = "与集群失去联系 (the cluster is gone)"
            raise WorkbookToolError(message)

    def give(self, sources: tuple[Any, ...]) -> Future[list[Any]]:
        """The results of the task on `sources`, to come."""
        future: Future[list[Any]] = self._executor.submit(do_all, self._task, sources)
        return future

    def give_apart(self, source: object) -> Future[Any]:
        """The same of one source, in a child of a worker."""
        future: Future[Any] = self._executor.submit(do_apart, self._task, source)
        return future

    def recover(self) -> bool:
        """The scheduler has seen to it."""
        return False
