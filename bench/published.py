"""The table in docs/published.md: how many cells of each real report are read right, and how many refused.

`python bench/published.py` prints it, `--write` puts it into the page. The reports stand beside the
checkout (``../shared/reports``) with the truth of every cell; where they do not, there is nothing to count.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from workbook_tool import open_report

ROOT = Path(__file__).parent.parent
REPORTS = ROOT.parent / "shared" / "reports"
PAGE = ROOT / "docs" / "published.md"
BEGIN, END = "<!-- counted by bench/published.py -->", "<!-- end -->"


class Count(NamedTuple):
    """What became of the printed cells of one report."""

    name: str
    printed: int
    right: int
    refused: int
    wrong: int
    unreadable: int
    """Cells that nobody can tell from the file alone; reading one of them is wrong."""
    said: str


def count(truth_file: Path) -> Count:
    """The count for the report that `truth_file` has the truth of."""
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    reading = open_report(REPORTS / truth["file"])
    read = reading.report.values if reading.report else {}
    cells = {
        name: Decimal(value) if isinstance(value, str) else value for name, value in truth["cells"].items()
    }
    right = sum(name in read and _is_same(read[name], value) for name, value in cells.items())
    wrong = len(read) - right
    refused = len(cells.keys() - {cell.id for cell in read})
    said = ", ".join(sorted({finding.rule for finding in reading.findings}))
    return Count(truth["file"], len(cells), right, refused, wrong, len(truth["unreadable"]), said)


def _is_same(read: object, true: object) -> bool:
    return (read is None) == (true is None) and read == true


def table() -> str:
    """The counts as a Markdown table."""
    heads = ["file", "cells printed", "right", "refused", "wrong", "not to be told apart", "findings"]
    counts = map(count, sorted((REPORTS / "truth").glob("*.json")))
    rows = (f"| {' | '.join(map(str, one))} |" for one in counts)
    return "\n".join((f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *rows))


def main() -> None:
    """Print the table, or put it into the page."""
    if not REPORTS.is_dir():
        sys.exit(f"no {REPORTS.name} beside the checkout")
    counted = table()
    if "--write" not in sys.argv:
        print(counted)  # a script
        return
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{counted}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
