"""How long it takes to read the sample report, by the kind of file that it stands in.

`python bench/reading.py [kind...]` prints milliseconds: the first time, as a command pays it, and after that.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

from workbook_tool import render
from workbook_tool.resources import resource
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook_tool.report import Report

TIMES = 30


def page(report: Report) -> bytes:
    """A web page as content systems make them of what a word processor pasted: 90 kB, 3,000 elements."""
    words = "<p class='MsoNormal' style='text-align:center'><span lang='EN-US'><font face='仿宋'>"
    content = str(render(report, "html")).replace("</td>", "<o:p></o:p></font></span></p></td>")
    start, *cells = content.split("<td")
    return (start + "".join(f"<td{cell.replace('>', f'>{words}', 1)}" for cell in cells)).encode()


def large_page(report: Report) -> bytes:
    """The same with half a megabyte of script: taken apart in a child process."""
    return page(report).replace(b"</body>", b"<script>" + b"x" * 500_000 + b"</script></body>")


KINDS: dict[str, Callable[[Report], bytes]] = {
    "html": page,
    "html, 600 kB": large_page,
    "txt": lambda report: str(render(report, "txt")).encode(),
    "md": lambda report: str(render(report, "md")).encode(),
    "json": lambda report: str(render(report, "json")).encode(),
    "docx": lambda report: bytes(render(report, "docx")),  # type: ignore[arg-type]
    "pdf": lambda report: bytes(render(report, "pdf")),  # type: ignore[arg-type]
}


def main() -> None:
    """Print a line for each kind that is asked for, or for all."""
    report = read_report(resource("samples/report.txt").read_bytes()).report
    if report is None:
        sys.exit("the sample is not read")
    print(f"{'kind':14}{'kB':>7}{'first':>9}{'then':>9}  cells")
    for kind in sys.argv[1:] or KINDS:
        data = KINDS[kind](report)
        taken = []
        for _ in range(TIMES):
            start = time.perf_counter()
            reading = read_report(data)
            taken.append((time.perf_counter() - start) * 1000)
        cells = len(reading.report.values) if reading.report else 0
        then = statistics.median(taken[1:])
        print(f"{kind:14}{len(data) // 1000:>7}{taken[0]:>9.1f}{then:>9.1f}  {cells}")


if __name__ == "__main__":
    main()
