"""``wb-tool demo``: the main job on the sample report, each step with the command that does it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

_STEPS = (
    (
        "1. 一份已发布的报告，读进工作簿 (a published report into a workbook)",
        "import report.txt -o filled.xlsx",
    ),
    ("2. 审核这份工作簿 (check it)", "check filled.xlsx"),
    ("3. 有人把一个数字填错了 (somebody mistypes a figure): slip.xlsx", ""),
    (
        "4. 再审核，指出哪一格、应为多少、怎样改，并标在工作簿里 (check names and marks the cell)",
        "check slip.xlsx --annotate marked",
    ),
    ("5. 两份有什么不同 (what changed)", "diff filled.xlsx slip.xlsx"),
    ("6. 生成报告全文 (the report)", "report filled.xlsx -f txt -o out.txt"),
    (
        "7. 下一年度的空白工作簿，带上年数字供对照 (next year's, with these figures as notes)",
        "template -o blank.xlsx --year 2026 --agency 示例市青河区柳湾街道办事处 --prior filled.xlsx",
    ),
)
_EXPECTED = {"check slip.xlsx --annotate marked": 1}
_BROKEN = 2


def demo_command(
    folder: Annotated[
        Path | None,
        typer.Argument(help="放在哪个文件夹；默认新建临时文件夹。 The folder to use.", metavar="DIR"),
    ] = None,
) -> None:
    """用样例走一遍主要流程。 Run the main job on the sample report."""
    from workbook_tool.errors import OutputError  # noqa: PLC0415
    from workbook_tool.resources import resource  # noqa: PLC0415

    place = folder or Path(tempfile.mkdtemp(prefix="wb-tool-demo-"))
    if folder and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(folder, "不是空文件夹 (not an empty folder)")
    place.mkdir(parents=True, exist_ok=True)
    (place / "report.txt").write_bytes(resource("samples/report.txt").read_bytes())
    typer.echo(f"文件夹 (folder): {place}")
    for title, arguments in _STEPS:
        typer.echo(f"\n{title}")
        if arguments:
            _run(place, arguments)
        else:
            _mistype(place)
    typer.echo(f"\n完成，文件都在 (done, all files in): {place}")


def _run(place: Path, arguments: str) -> None:
    typer.echo(f"   $ wb-tool {arguments}")
    command = [sys.executable, "-P", "-m", "workbook_tool", *arguments.split()]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    for line in (done.stdout + done.stderr).splitlines():
        typer.echo(f"   {line}")
    if done.returncode != _EXPECTED.get(arguments, 0):
        typer.echo(f"   exit code {done.returncode}", err=True)
        raise typer.Exit(_BROKEN)


def _mistype(place: Path) -> None:
    """Copy the filled workbook with one figure changed, as a clerk might: 12 typed as 21."""
    from dataclasses import replace  # noqa: PLC0415

    from workbook_tool.excel.build import build_workbook  # noqa: PLC0415
    from workbook_tool.report import with_totals  # noqa: PLC0415
    from workbook_tool.sources import open_report  # noqa: PLC0415

    report = open_report(place / "filled.xlsx").report
    if report is None:
        raise typer.Exit(_BROKEN)
    cell = report.form.cells["t3.received.natural"]
    values = with_totals(report.form, {**report.values, cell: 21}, report.form.sums)
    build_workbook(replace(report, values=values), place / "slip.xlsx")
