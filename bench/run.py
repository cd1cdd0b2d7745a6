"""Print ratios, each pair measured in turn within one run.

``make bench``; the figures of the day go into bench/README.md. Machines differ and are noisy:
only the ratios are worth comparing.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbook_tool.checks import check  # noqa: E402  # the path comes first
from workbook_tool.excel.build import workbook_bytes  # noqa: E402
from workbook_tool.excel.gate import open_book  # noqa: E402
from workbook_tool.forms import form  # noqa: E402
from workbook_tool.report import blank_report  # noqa: E402
from workbook_tool.sources import open_report, read_report  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 21
PROCESS_ROUNDS = 9
IDLE = """
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for name in ("a", "b", "c", "d"):
    app.command(name)(lambda: None)
app(["a"])
"""


def main() -> None:
    """Measure the three pairs."""
    report = open_report(ROOT / "samples" / "report.txt").report
    if report is None:
        sys.exit("the sample report is missing")
    blank = blank_report(form("2021"), report.agency, 2025)
    filled = workbook_bytes(report)
    cells = _bare_cells(workbook_bytes(blank))

    from openpyxl import load_workbook

    _pair(
        "template / the same cells written bare with XlsxWriter",
        lambda: workbook_bytes(blank),
        lambda: _write_bare(cells),
    )
    _pair(
        "read + all checks / openpyxl.load_workbook alone",
        lambda: list(check(read_report(filled))),
        lambda: load_workbook(io.BytesIO(filled)),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.xlsx"
        path.write_bytes(filled)
        _pair(
            "wb-tool check, whole process / a typer program that does nothing",
            lambda: _run("-m", "workbook_tool", "check", str(path), "--format", "json"),
            lambda: _run("-c", IDLE),
            rounds=PROCESS_ROUNDS,
        )


def _bare_cells(data: bytes) -> list[list[tuple[int, int, object]]]:
    """Every cell of a workbook, by sheet: row, column, value or formula."""
    return [
        [(spot.row, spot.column, stored.formula or stored.value) for spot, stored in sheet.cells.items()]
        for sheet in open_book(data).sheets
    ]


def _write_bare(cells: list[list[tuple[int, int, object]]]) -> bytes:
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        for content in cells:
            sheet = workbook.add_worksheet()
            for row, column, value in content:
                sheet.write(row, column, value)
    return stream.getvalue()


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def _pair(what: str, ours: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Time the two in turn, and print the median of the pairwise ratios with both medians."""
    times: list[tuple[float, float]] = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        ours()
        middle = time.perf_counter()
        other()
        times.append((middle - start, time.perf_counter() - middle))
    times = times[1:]
    ratio = statistics.median(a / b for a, b in times)
    mine, theirs = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    print(f"{what}: {ratio:.2f}  ({mine:.1f} ms / {theirs:.1f} ms, {rounds} pairs)")


if __name__ == "__main__":
    main()
