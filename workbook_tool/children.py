"""Processes of ours that do one job after another, so that what a job does to its process ends there.

A job goes to a child's standard input and its result comes back from standard output, both pickled with
their length before them. A child whose parent is gone sees its input end and ends as well.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LENGTH = 8
_MOST_JOBS = 500
"""A child is relieved after so many jobs: what a library forgot to free goes with it."""

_MOST_IDLE = 8
_TIME_IS_UP = getattr(signal, "SIGPROF", None)
"""What ends a child that has used the processor time of its job up; see `limit_time`."""


_FAIR = 0.15
"""The share of a processor that a child must have had before its time counts."""


class ChildDiedError(Exception):
    """A child that ended, or had to be ended, without a result."""

    def __init__(self, code: int, *, overdue: bool) -> None:
        """Say with which exit code, and whether it had been given more time than any job may take."""
        super().__init__(code)
        self.code = code
        self.overdue = overdue


class Child:
    """One child process, running a module of ours that calls `serve`."""

    def __init__(self, module: str) -> None:
        """Start it."""
        # -P: modules are looked for where they are installed, never among the files that came in.
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._jobs = 0

    @property
    def is_fit(self) -> bool:
        """Whether it can be given another job."""
        return self._jobs < _MOST_JOBS and self._process.poll() is None

    def ask(self, job: object, patience: float) -> Any:  # noqa: ANN401  # whatever the module's work gives
        """The result of `job`; a `ChildDiedError` if there is none after `patience` seconds.

        On a machine so busy that it has hardly run in that time, it is given as long again.
        """
        self._jobs += 1
        overdue, done = threading.Event(), threading.Event()
        before = _processor_time(self._process.pid)

        def give_up() -> None:
            if done.wait(patience):
                return
            ran = _processor_time(self._process.pid) - before
            if 0 < ran < _FAIR * patience and done.wait(patience):
                return
            overdue.set()
            self._process.kill()

        threading.Thread(target=give_up, daemon=True).start()
        try:
            _send(self._pipe(self._process.stdin), job)
            result = _receive(self._pipe(self._process.stdout))
        except (OSError, EOFError) as error:
            self.stop()
            code = self._process.returncode
            raise ChildDiedError(code, overdue=overdue.is_set() or -code == _TIME_IS_UP) from error
        finally:
            done.set()
        return result

    def stop(self) -> None:
        """End it, and leave nothing behind."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                self._pipe(pipe).close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            message = "a child always has pipes"
            raise AssertionError(message)
        return pipe


class Children:
    """Children of one kind, lent out one at a time; safe to use from many threads."""

    def __init__(self, module: str) -> None:
        """Have none yet; each is started when it is first needed."""
        self._module = module
        self._idle: list[Child] = []
        self._inherited: list[Child] = []
        atexit.register(self.stop)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._disown)

    @contextmanager
    def lend(self) -> Iterator[Child]:
        """A child for one job or some; it is kept for the next if it is still fit."""
        child = self._take()
        try:
            yield child
        finally:
            if child.is_fit and len(self._idle) < _MOST_IDLE:
                self._idle.append(child)
            else:
                child.stop()

    def _take(self) -> Child:
        while True:
            try:
                child = self._idle.pop()
            except IndexError:
                return Child(self._module)
            if child.is_fit:
                return child
            child.stop()

    def open(self, job: object, patience: float) -> Any:  # noqa: ANN401  # whatever the module's work gives
        """What a child makes of a source; its refusal or its end without a word is a `SourceError`."""
        try:
            with self.lend() as child:
                result = child.ask(job, patience)
        except ChildDiedError as error:
            if error.overdue:
                problem = Phrase("读取太久", "reading takes too long")
                raise SourceError("unsafe", {"problem": problem}) from error
            words = Phrase("读取进程中止", "the reading process died")
            problem = Phrase(*(f"{text} ({error.code})" for text in words))
            raise SourceError("unsafe", {"problem": problem}) from error
        if isinstance(result, SourceError):
            raise result
        return result

    def stop(self) -> None:
        """End all that are idle."""
        while self._idle:
            self._idle.pop().stop()

    def _disown(self) -> None:
        """Leave the children of a parent alone in a process that was forked off it."""
        self._inherited += self._idle
        self._idle = []


def serve_sources(work: Callable[[Any], object], memory: int) -> None:
    """Be a child that opens sources in `memory` bytes: what it refuses is a result as well."""

    def attempt(job: object) -> object:
        try:
            return work(job)
        except SourceError as error:
            return error
        except MemoryError:
            return SourceError("unsafe", {"problem": f"> {memory >> 20} MiB"})

    limit_memory(memory)
    serve(attempt)


def serve(work: Callable[[Any], object]) -> None:
    """Be a child: do jobs until there are no more."""
    jobs, results = sys.stdin.buffer, sys.stdout.buffer
    # What a library prints must not come between the results.
    sys.stdout = sys.stderr
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            result = work(_receive(jobs))
            limit_time(0)
            _send(results, result)
            del result  # before the next job, which has the memory to itself


def limit_memory(most: int) -> None:
    """Bound the address space of this process, in bytes, where the system can."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_time(seconds: float) -> None:
    """Bound the processor time of the job at hand, 0 for no bound.

    Where the system cannot, the parent's patience remains.
    """
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _processor_time(process: int) -> float:
    """How many seconds a process of ours has run; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return 0


def _send(pipe: IO[bytes], content: object) -> None:
    data = pickle.dumps(content)
    pipe.write(len(data).to_bytes(_LENGTH, "big"))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:  # noqa: ANN401  # whatever was sent
    length = pipe.read(_LENGTH)
    if len(length) < _LENGTH:
        raise EOFError
    data = pipe.read(int.from_bytes(length, "big"))
    return pickle.loads(data)  # noqa: S301  # from our own child or parent
