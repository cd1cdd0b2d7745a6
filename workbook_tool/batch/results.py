"""The verdicts of a long run, a line each, kept as they come, so that a run that was ended can go on.

The lines grow in a file beside the output (``results.jsonl.part``), which becomes the output when all is
done. A line names its source, what was there to read (`stamp`), and what it was held against (`run`).
"""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from workbook_tool.checks.verdict import Status
from workbook_tool.errors import OutputError
from workbook_tool.files import destination, write_whole
from workbook_tool.places import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Self

_SHORT = 16
_STATUSES = get_args(Status)
_LONGEST_LINE = 2**26
_KEYS = {"file", "status", "stamp", "run"}
_NO_RESULTS = "不是以前的审核结果,不会覆盖 (holds no earlier results, and is not overwritten)"


class _Line(NamedTuple):
    """A line that holds still: where it stands, and its status."""

    is_in_part: bool
    start: int
    status: str


def run_of(*given: object) -> str:
    """What tells a run from those whose results might differ: the digest of all that they depend on."""
    return hashlib.sha256(repr(given).encode(errors="surrogatepass")).hexdigest()[:_SHORT]


class Results:
    """The lines of one run at `output`; with `resume`, those of earlier ones that hold still are kept.

    They do where the source and the `run` are the same. What could not be read is read again: its password
    may be known by now. A last line that was cut off is no line.
    """

    def __init__(self, output: Path, files: Sequence[str], run: str, *, resume: bool) -> None:
        """Find out what is to be done."""
        self._output = destination(output, force=True)
        self._part = self._output.with_name(self._output.name + ".part")
        self._files = files
        self._run = run
        self._kept: dict[str, _Line] = {}
        if resume:
            wanted = frozenset(files)
            _see_to_earlier(self._output)
            for is_in_part, path in ((False, self._output), (True, self._part)):
                for start, line in _whole_lines(path):
                    self._consider(line, _Line(is_in_part, start, ""), wanted)
        else:
            self._part.unlink(missing_ok=True)
        self.remaining = [file for file in files if file not in self._kept]
        """The sources that are to be done, in order."""

    def __enter__(self) -> Self:
        """Open the file beside the output, behind its last whole line."""
        try:
            self._stream = self._part.open("ab")
            self._stream.truncate(_end_of_lines(self._part))
            self._new_from = self._stream.seek(0, 2)
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Put the lines into the output in the order of the files; leave them beside it if there are more."""
        try:
            self._stream.close()
        except OSError as error:
            raise self._unwritable(error) from error
        if kind is not None:
            if not self._part.stat().st_size:
                self._part.unlink()
            return
        if self._kept:
            write_whole(self._output, self._in_order(), force=True)
            self._part.unlink()
        else:
            self._part.replace(self._output)

    @property
    def kept(self) -> Iterator[str]:
        """The statuses of the sources that are not done again."""
        return (line.status for line in self._kept.values())

    def add(self, line: str) -> None:
        """Keep the line of the next of the remaining sources."""
        try:
            self._stream.write(line.encode("utf-8", "replace"))
            self._stream.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    @property
    def part(self) -> Path:
        """Where the lines are that a run left that was ended."""
        return self._part

    def _consider(self, line: bytes, place: _Line, wanted: frozenset[str]) -> None:
        """Take note of an earlier line if it holds still; it takes the place of one before it."""
        file, status, noted, run = _entry(line)
        if file in wanted and run == self._run and status != "unreadable" and noted and noted == stamp(file):
            self._kept[file] = place._replace(status=status)

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(self._part, f"无法写入 (cannot write): {error.strerror or error}")

    def _in_order(self) -> Iterator[bytes]:
        with ExitStack() as stack:
            new, part = (stack.enter_context(self._part.open("rb")) for _ in range(2))
            before = stack.enter_context(self._output.open("rb")) if self._output.exists() else part
            new.seek(self._new_from)
            for file in self._files:
                line = self._kept.get(file)
                if line is None:
                    yield new.readline()
                else:
                    stream = part if line.is_in_part else before
                    stream.seek(line.start)
                    yield stream.readline()


def _entry(line: bytes) -> tuple[str, str, str, str]:
    """The source, the status, the stamp and the run of a line; empty words where it is no line of results."""
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError):
        return "", "", "", ""
    if not isinstance(entry, dict) or not entry.keys() >= _KEYS or entry["status"] not in _STATUSES:
        return "", "", "", ""
    return str(entry["file"]), entry["status"], str(entry["stamp"]), str(entry["run"])


def _see_to_earlier(output: Path) -> None:
    """That `output` may be gone on with: it is not there, or begins with a line of results."""
    if output.exists() and output.stat().st_size:
        with output.open("rb") as stream:
            if not any(_entry(stream.readline(_LONGEST_LINE))):
                raise OutputError(output, _NO_RESULTS)


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Every line of a file with where it begins, but for a last one that was cut off."""
    if not path.is_file():
        return
    start = 0
    with path.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield start, line
            start += len(line)


def _end_of_lines(path: Path) -> int:
    return max((start + len(line) for start, line in _whole_lines(path)), default=0)
