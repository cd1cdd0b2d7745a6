"""The command ``wb-tool``: one file a command. Typer lives here and nowhere else."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, NoReturn

import typer

from workbook_tool.cli.check import check_command
from workbook_tool.cli.demo import demo_command
from workbook_tool.cli.diff import diff_command
from workbook_tool.cli.export import export_command
from workbook_tool.cli.import_ import import_command
from workbook_tool.cli.repair import repair_command
from workbook_tool.cli.report import report_command
from workbook_tool.cli.rules import explain_command, rules_command
from workbook_tool.cli.template import template_command
from workbook_tool.errors import WorkbookToolError

__all__ = ["app", "main"]

_CANNOT = 2

_HELP = """政府信息公开工作年度报告:发表、审核、出报告。

Workbooks for the annual report on open government information."""

app = typer.Typer(
    name="wb-tool",
    help=_HELP,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("template")(template_command)
app.command("check")(check_command)
app.command("report")(report_command)
app.command("import")(import_command)
app.command("repair")(repair_command)
app.command("export")(export_command)
app.command("diff")(diff_command)
app.command("rules")(rules_command)
app.command("explain")(explain_command)
app.command("demo")(demo_command)


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


def main() -> None:
    """Run the command line; what the library refuses becomes one message and exit code 2."""
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
        sys.exit(_CANNOT)
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))


def _fail(message: str) -> NoReturn:
    typer.echo(f"wb-tool: {message}", err=True)
    sys.exit(_CANNOT)
