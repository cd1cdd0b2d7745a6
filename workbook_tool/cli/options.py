"""What the commands share: options, reading a source, writing a result."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from workbook_tool.errors import SourceError, WorkbookToolError
from workbook_tool.phrase import Phrase
from workbook_tool.places.addresses import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.report import Reading, Report
    from workbook_tool.rules import Finding
    from workbook_tool.sources import Opening

EARLIEST, LATEST = 2019, 2100
"""The report years that there is, or may be, a form for."""

_LONGEST_NAME = 100
_WORTH_A_BAR = 50
_TICK = 1e-3
_BETWEEN_LINES = 5
_Item = TypeVar("_Item")
_Format = TypeVar("_Format", bound=StrEnum)
_SUFFIXES = {"txt": "text", "htm": "html"}
"""The suffixes that are not called after their format."""
_DATA = {"xls", "xlsx", "et", "csv", "json", "duckdb", "sqlite", "parquet"}
_KINDS = _DATA | {"pdf", "doc", "docx", "wps", "html", "htm"}
"""The suffixes that promise what nothing else may be written under, unless the format is given."""

FOUND = 1
"""The exit code for errors in the data."""

CANNOT = 2
"""The exit code for what could not be carried out."""

NO_COPY = Phrase("没有做，原因见审核结果，请在原件里处理", "none is made, see the findings")
"""What became of a copy in which something of the original would be lost."""


class Language(StrEnum):
    """The languages that a clerk can read findings in."""

    ZH = "zh"
    EN = "en"


Lang = Annotated[
    Language, typer.Option("--lang", envvar="WB_TOOL_LANG", help="zh 中文 | en English.", show_default=True)
]
BY_SUFFIX = "；不给的，看 -o 的后缀。 If not given, by the suffix of -o."
"""The help of a format that `format_for` settles."""

Source = Annotated[
    str, typer.Argument(help="工作簿或已发布的报告；- 为标准输入。 A workbook or a published report.")
]
Output = Annotated[
    str,
    typer.Option("-o", "--output", help="写到哪个文件；- 为标准输出。 Where to write; - is standard output."),
]
Workbook = Annotated[
    Path, typer.Option("-o", "--output", help="写到哪个 .xlsx 文件。 The workbook to write.")
]
Force = Annotated[bool, typer.Option("--force", help="覆盖已有的文件。 Overwrite an existing file.")]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="local 本机 | dask://主机:端口 集群。 This machine's processors, or a Dask cluster.",
    ),
]
Progress = Annotated[
    bool | None,
    typer.Option("--progress/--no-progress", help="显示进度。 Show the progress on standard error."),
]
Year = Annotated[
    int | None,
    typer.Option(
        "--year", min=EARLIEST, max=LATEST, help="报告年度，代替文中的。 The year, instead of the text's."
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="打开加密文件用的密码，一行一个。 Passwords to try, one a line."),
]
Password = Annotated[
    str,
    typer.Option("--password", help="保护工作表的密码；不给则只防误改。 Protect the sheets with a password."),
]


def named(name: str | None) -> str | None:
    """The callback of an option that names a file: an empty name is refused, as of a variable not set."""
    if not name and name is not None:
        problem = "文件名是空的 (an empty name)"
        raise typer.BadParameter(problem)
    return name


def read(source: str, opening: Opening | None = None) -> Reading:
    """Read `source`; a path that does not exist ends the command with exit code 2."""
    from workbook_tool.batch import expand, read_source  # noqa: PLC0415

    if source and Path(source).is_dir():  # expand refuses an empty name
        message = f"这是一个文件夹，需要一个文件 (a folder, not a file): {source}"
        raise WorkbookToolError(message)
    meant = expand([source])
    return read_source(meant[0] if len(meant) == 1 else source, opening)


def opening_of(password_file: Path | None, *, isolate: bool = False) -> Opening:
    """How sources are to be opened, as the options say."""
    from workbook_tool.files import ordinary  # noqa: PLC0415
    from workbook_tool.sources import Opening, decode  # noqa: PLC0415

    try:
        passwords = decode(ordinary(password_file).read_bytes()).splitlines() if password_file else []
    except SourceError as error:
        message = f"密码文件不是文本 (not a text file): {password_file}"
        raise WorkbookToolError(message) from error
    return Opening(isolate, tuple(word for word in passwords if word.strip()))


def read_or_exit(
    source: str, language: Language, opening: Opening | None = None
) -> tuple[Report, tuple[Finding, ...]]:
    """The report in `source` and what reading it found.

    Where there is no report: the finding that says why, and exit code 1.
    """
    reading = read(source, opening)
    if reading.report is None:
        say_findings(source, reading, language)
        raise typer.Exit(FOUND)
    return reading.report, reading.findings


def say_findings(source: str, reading: Reading, language: Language) -> None:
    """What reading alone found, on standard error."""
    from workbook_tool.checks.verdict import verdict_on  # noqa: PLC0415
    from workbook_tool.reporters.terminal import report_terminal  # noqa: PLC0415

    verdict = verdict_on(source, reading.report, reading.findings)
    for line in report_terminal([verdict], language.value):
        typer.echo(line, err=True)


def warn(message: str) -> None:
    """Something that the user should know, on standard error."""
    typer.echo(f"wb-tool: 注意 (note): {message}", err=True)


def counted(
    items: Iterable[_Item], total: int, *, shown: bool, wanted: bool | None = None
) -> Iterator[_Item]:
    """`items` as they come, with the progress on standard error: a bar with the rate and the time left.

    Only where there is enough to wait for and somebody to see it, unless it is `wanted` or not; where no
    terminal is there to draw on, a line now and then.
    """
    on_screen = sys.stderr.isatty()
    if not (shown and total >= _WORTH_A_BAR and on_screen if wanted is None else wanted):
        yield from items
        return
    pace = _Pace(total)
    if not on_screen:
        yield from pace.told(items)
        return
    with typer.progressbar(
        pace.kept(items), length=total, file=sys.stderr, show_pos=True, item_show_func=pace.shown
    ) as bar:
        yield from bar


class _Pace:
    """How fast items come."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._start = time.monotonic()
        self._done = 0

    def kept(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """`items`, counted as they pass."""
        for item in items:
            self._done += 1
            yield item

    def shown(self, _item: object) -> str:
        """The rate, in items a second."""
        return f"{self._rate:.0f}/s"

    def told(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """`items`; how many there were, the rate and the time left are said now and then."""
        last = self._start
        for item in self.kept(items):
            yield item
            if time.monotonic() - last >= _BETWEEN_LINES or self._done == self._total:
                last = time.monotonic()
                left = (self._total - self._done) / self._rate
                said = f"{self._done}/{self._total}  {self._rate:.0f}/s  剩余 (left) {left:.0f} s"
                typer.echo(said, err=True)

    @property
    def _rate(self) -> float:
        return self._done / max(time.monotonic() - self._start, _TICK)


def one_line(option: str, text: str, *, required: bool = False) -> str:
    """`text` without outer spaces; refused where a cover or a title has no room for it."""
    text = text.strip()
    if required and not text:
        message = f"{option}: 不能为空 (must not be empty)"
        raise WorkbookToolError(message)
    if len(text) > _LONGEST_NAME or not text.isprintable() or "|" in text:
        message = f"{option}: 应为一行、不超过 {_LONGEST_NAME} 字、不含“|” (one line, not too long, no |)"
        raise WorkbookToolError(message)
    return text


def format_for(output: str, given: _Format | None, formats: type[_Format]) -> _Format:
    """The format that is `given`, else the one that `output` is named after, else the first of `formats`.

    An output that is named after a kind of file that is none of them is refused.
    """
    if given:
        return given
    suffix = _suffix(output)
    named_after = {suffix, _SUFFIXES.get(suffix, suffix)}
    found = next((one for one in formats if one.value in named_after), None)
    if found is None:
        see_to_suffix(output, formats)
    return found or next(iter(formats))


def see_to_suffix(output: str, written: Iterable[str]) -> None:
    """That `output` is not named after another kind of file than what is `written`."""
    if _suffix(output) in _KINDS.difference(written):
        message = f"这里不能输出 .{_suffix(output)}，可以输出 (can be written here): {' | '.join(written)}"
        raise WorkbookToolError(message)


def _suffix(output: str) -> str:
    return Path(output).suffix.lower().removeprefix(".")


def see_to_output(
    output: str | Path,
    inputs: Iterable[str | Path | None],
    *,
    force: bool,
    workbook: bool = False,
    made: Path | None = None,
) -> None:
    """Before any work: that the result can be put at `output`, which is none of `inputs`, even by force.

    Its folder may be the one that will be `made`.
    """
    from workbook_tool.files import destination, inputs_of  # noqa: PLC0415

    if str(output) == "-":
        return
    if is_remote(str(output)):
        from workbook_tool.places.remote import see_to_remote  # noqa: PLC0415

        see_to_remote(str(output), force=force)
        return
    if workbook and Path(output).suffix.lower() != ".xlsx":
        message = f"工作簿的文件名应以 .xlsx 结尾 (must end in .xlsx): {output}"
        raise WorkbookToolError(message)
    destination(Path(output), force=force, inputs=inputs_of(inputs), made=made)


def write_text(text: str | Iterable[str], output: str, *, force: bool) -> None:
    """Write a result as UTF-8 to a file, whole or not at all, or to standard output; pieces as they come."""
    pieces = [text] if isinstance(text, str) else text
    _write((piece.encode("utf-8", "replace") for piece in pieces), output, force=force)


def write_result(content: str | bytes, output: str, *, force: bool) -> None:
    """Write a document, or a text as `write_text` does; a document is not shown on a screen."""
    if isinstance(content, str):
        write_text(content, output, force=force)
    elif output == "-" and sys.stdout.isatty():
        message = "这种格式不能显示在屏幕上，请用 -o 给出文件名 (not for a screen, name a file with -o)"
        raise WorkbookToolError(message)
    else:
        _write(content, output, force=force)


def write_workbook(data: bytes, output: Path, *, force: bool) -> None:
    """Write a workbook, and say where."""
    _write(data, str(output), force=force)
    if str(output) != "-":
        typer.echo(str(output))


def _write(data: bytes | Iterable[bytes], output: str, *, force: bool) -> None:
    if output == "-":
        for piece in [data] if isinstance(data, bytes) else data:
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        return
    if is_remote(output):
        from workbook_tool.places.remote import write_remote  # noqa: PLC0415

        write_remote(output, data)
        return
    from workbook_tool.files import write_whole  # noqa: PLC0415

    write_whole(Path(output), data, force=force)
