"""A Dask cluster of several worker processes and an S3-compatible server, both on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUCKET = "reports"
_SECONDS = 60


class Cluster:
    """A Dask scheduler with three worker processes; a nanny starts another for one that dies."""

    def __init__(self, address: str) -> None:
        """Know its `address`, ``tcp://host:port``."""
        self._address = address

    @property
    def engine(self) -> str:
        """What ``--engine`` is given."""
        return self._address.replace("tcp://", "dask://")

    def workers(self) -> list[int]:
        """The process ids of the workers that there are now."""
        return self._ask("client.run(os.getpid).values()")

    def scheduler(self) -> int:
        """The process id of the scheduler."""
        return self._ask("[client.run_on_scheduler(os.getpid)]")[0]

    def _ask(self, numbers: str) -> list[int]:
        asking = (
            f"import os, sys; from distributed import Client; client = Client(sys.argv[1]); print(*{numbers})"
        )
        words = [sys.executable, "-c", asking, self._address]
        return [int(word) for word in subprocess.check_output(words, timeout=_SECONDS).split()]


@contextmanager
def cluster_in(folder: Path, **environment: str) -> Iterator[Cluster]:
    """A cluster that finds what the tests define."""
    settings = {
        "PYTHONPATH": str(ROOT),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_TEMPORARY_DIRECTORY": str(folder),
    }
    place = folder / "scheduler.json"
    common = ["--scheduler-file", str(place), "--no-dashboard", "--host", "127.0.0.1"]
    with (
        _running("distributed.cli.dask_scheduler", *common, "--port", "0", **settings),
        _running(
            "distributed.cli.dask_worker",
            *common,
            *("--nworkers", "3", "--nthreads", "1", "--local-directory", str(folder)),
            **settings,
            **environment,
        ),
    ):
        _wait_for(place.exists)
        cluster = Cluster(json.loads(place.read_text())["address"])
        _wait_for(lambda: len(cluster.workers()) == 3)
        yield cluster


@contextmanager
def storage() -> Iterator[dict[str, str]]:
    """An S3-compatible server with an empty bucket; the environment that leads to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with _running("moto.server", "-H", "127.0.0.1", "-p", str(port)):
        _wait_for(lambda: _answers(address))
        made = urllib.request.Request(f"{address}/{BUCKET}", method="PUT")  # noqa: S310  # ours
        urllib.request.urlopen(made).close()  # noqa: S310
        yield {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


@contextmanager
def _running(module: str, *arguments: str, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  # ours
    except OSError:
        return False
    return True


def _wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(_SECONDS * 10):
        if condition():
            return
        time.sleep(0.1)
    message = "it did not start"
    raise AssertionError(message)
