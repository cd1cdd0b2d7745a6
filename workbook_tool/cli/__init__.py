"""The command ``wb-tool``: one file a command. Typer lives here and nowhere else."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Annotated, NoReturn

import typer

from workbook_tool.cli.lazy import PLAIN, lazy_group
from workbook_tool.cli.options import CANNOT
from workbook_tool.errors import WorkbookToolError

__all__ = ["app", "main"]

_HELP = """政府信息公开工作年度报告：发表、审核、出报告。

Workbooks for the annual report on open government information."""

_COMMANDS = {
    "template": "template.template_command",
    "check": "check.check_command",
    "draft": "draft.draft_command",
    "report": "report.report_command",
    "import": "import_.import_command",
    "repair": "repair.repair_command",
    "export": "export.export_command",
    "diff": "diff.diff_command",
    "compare": "compare.compare_command",
    "rollup": "rollup.rollup_command",
    "round": "round.app",
    "rules": "rules.rules_command",
    "explain": "rules.explain_command",
    "demo": "demo.demo_command",
}
"""Each command's module and function, in the order of the help."""

_LONGEST = 5000
"""Characters of a message; a name in it may be as long as whoever wrote it liked."""

_SAID = {
    errno.ENOENT: "没有这个文件 (no such file)",
    errno.EISDIR: "是一个文件夹 (is a directory)",
    errno.ENOTDIR: "不是文件夹 (not a folder)",
    errno.EACCES: "没有权限 (no permission)",
    errno.EPERM: "没有权限 (no permission)",
    errno.ENAMETOOLONG: "文件名太长 (name too long)",
    errno.ENOSPC: "磁盘已满 (no space left)",
    errno.EMFILE: "打开的文件太多 (too many open files)",
}
"""What the system says of a file where it hinders a command."""

app = typer.Typer(
    name="wb-tool", cls=lazy_group(__name__, _COMMANDS), help=_HELP, no_args_is_help=True, **PLAIN
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it with the flag
    if wanted:
        from workbook_tool import __version__  # noqa: PLC0415

        typer.echo(f"wb-tool {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", help="显示版本。 Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Options of the program itself."""
    if os.environ.get("WB_TOOL_TEMPLATES"):
        _see_to_templates()


def _see_to_templates() -> None:
    """Come upon a fault in templates of one's own now, not when half of the output is written."""
    from workbook_tool.forms import forms  # noqa: PLC0415  # only where there are some
    from workbook_tool.resources import own_templates, read_toml  # noqa: PLC0415
    from workbook_tool.rules import rule_book  # noqa: PLC0415

    for path in own_templates():
        read_toml(path)
    rule_book()
    forms()


def main() -> None:
    """Run the command line; what the library refuses becomes one message and exit code 2."""
    if sys.stdout is None:
        # Somebody closed it; what is written goes nowhere, and saying so is all that is left.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # for the rest of the run
        _fail("没有标准输出 (no standard output)")
    for stream in (sys.stdout, sys.stderr):
        # A Windows console in GBK must not bring a command down for one character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(standalone_mode=True)
    except WorkbookToolError as error:
        _fail(str(error))
    except BrokenPipeError:
        # Whoever read our output has had enough; what is left must not be flushed into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(CANNOT)
    except OSError as error:
        said = _SAID.get(error.errno or 0) or error.strerror or error
        _fail(f"{error.filename or ''}: {said}".removeprefix(": "))


def _fail(message: str) -> NoReturn:
    if len(message) > _LONGEST:
        half = _LONGEST // 2
        message = f"{message[:half]} … {message[-half:]}"
    typer.echo(f"wb-tool: {message}", err=True)
    sys.exit(CANNOT)
