"""Print ratios, each pair measured in turn within one run.

``make bench``; the figures of the day go into bench/README.md. Machines differ and are noisy:
only the ratios are worth comparing.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scale import workbook_of  # noqa: E402  # beside this

from workbook_tool.checks import check  # noqa: E402  # the path comes first
from workbook_tool.excel.build import workbook_bytes  # noqa: E402
from workbook_tool.excel.gate import open_book  # noqa: E402
from workbook_tool.forms import form  # noqa: E402
from workbook_tool.report import blank_report  # noqa: E402
from workbook_tool.sources import open_report, read_report  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 21
PROCESS_ROUNDS = 15
MANY = 2_000
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An installed package has its bytecode; so has this one after the round that is not counted."""

IDLE = """
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for name in ("a", "b", "c", "d"):
    app.command(name)(lambda: None)
app(["a"])
"""


def main() -> None:
    """Measure every pair."""
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
    units = list(map(workbook_of, range(2 * ROUNDS + 2)))
    ours, other = iter(units), iter(units)
    _pair(
        "read + all checks / openpyxl.load_workbook alone, of workbooks of different units",
        lambda: list(check(read_report(next(ours)))),
        lambda: load_workbook(io.BytesIO(next(other))),
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
        _many(Path(folder) / "many")


def _many(folder: Path) -> None:
    """A folder of workbooks of different units through the command, and merely loaded by a pool of two."""
    folder.mkdir()
    files = [str(folder / f"{number:05}.xlsx") for number in range(MANY)]
    for number, file in enumerate(files):
        Path(file).write_bytes(workbook_of(number))
    peaks: list[float] = []

    def ours() -> None:
        check_all = [sys.executable, "-m", "workbook_tool", "check", str(folder)]
        child = subprocess.Popen(check_all, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        # Its own memory, or that of the largest process that it waited for.
        peaks.append(os.wait4(child.pid, 0)[2].ru_maxrss / 1024)

    def other() -> None:
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(_load, files, chunksize=16))

    what = f"wb-tool check on {MANY} workbooks / a pool of two that loads them with openpyxl"
    _pair(what, ours, other, rounds=1)
    print(f"  largest process: {max(peaks):.0f} MiB")


def _load(file: str) -> bool:
    from openpyxl import load_workbook

    return bool(load_workbook(file).sheetnames)


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
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=ENVIRONMENT)


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
