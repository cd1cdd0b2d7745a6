"""Make the pictures of the READMEs: table 3 with a mistake in it, the finding, the marked cell, the board.

``make pictures``; needs LibreOffice, pdftoppm and Chromium. Look at them before committing.
"""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from tests.editing import edited, sample_report  # noqa: E402  # the path comes first
from tests.mailing import lively_round  # noqa: E402

if TYPE_CHECKING:
    from workbook_tool.report import Report

SHEET = "三 收到和处理申请"
_REQUESTS = "依申请公开方面,对每件申请都在法定期限内作出了答复。"
PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 18px 22px; background: #1e2430; color: #e6e9ef; width: 900px; }
pre { font: 15px/1.55 "Noto Sans Mono CJK SC", monospace; margin: 0; white-space: pre-wrap; }
</style><pre>$ wb-tool check slip.xlsx

%s</pre>"""


def main() -> None:
    """Write the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        path = room / "slip.xlsx"
        path.write_bytes(edited(_without_figures(), [{"type": 21, "into": "t3.received.natural"}]))
        _picture_of_finding(room, path)
        _picture_of_annotated(room, path)
        _picture_of_workbook(path)
        _picture_of_board(room)


def _without_figures() -> Report:
    """The sample, its prose without the figures of requests, so that one finding is all."""
    report = sample_report()
    said = report.narratives["s1"].split("\n")
    prose = "\n".join(_REQUESTS if paragraph.startswith(_REQUESTS[:5]) else paragraph for paragraph in said)
    return replace(report, narratives={**report.narratives, "s1": prose}, paragraphs={})


def _picture_of_finding(room: Path, path: Path) -> None:
    command = [sys.executable, "-m", "workbook_tool", "check", path.name]
    done = subprocess.run(command, cwd=room, capture_output=True, text=True, check=False)
    page = room / "finding.html"
    page.write_text(PAGE % html.escape(done.stdout), encoding="utf-8")
    _screenshot(page, "finding", "944,425")


def _picture_of_board(room: Path) -> None:
    """The board of a round, down to its first units."""

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "workbook_tool", *arguments]
        subprocess.run(command, cwd=room, capture_output=True, check=True)

    lively_round(room, run)
    run("round", "status", "-r", "r", "--format", "html", "-o", "board.html", "--on", "2026-02-04")
    _screenshot(room / "board.html", "board", "1100,900")


def _screenshot(page: Path, name: str, size: str) -> None:
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--disable-background-networking", "--no-first-run"),
            f"--user-data-dir={page.parent / 'profile'}",
            *(f"--window-size={size}", f"--screenshot={IMAGES / f'{name}.png'}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
    )


def _picture_of_workbook(path: Path) -> None:
    """Print the sheet with its live checks, which the print area leaves out."""
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook.worksheets:
        if sheet.title != SHEET:
            sheet.print_area = "A1"
    workbook[SHEET].print_area = "A1:K33"
    workbook.save(path)
    _print_table(path, "workbook", ())


def _picture_of_annotated(room: Path, path: Path) -> None:
    """Print the sheet as it is sent back, in grey."""
    command = [sys.executable, "-m", "workbook_tool", "check", str(path), "--annotate", str(room / "marked")]
    subprocess.run(command, cwd=room, capture_output=True, check=False)
    _print_table(room / "marked" / path.name, "annotated", ("-gray", "-H", "330"))


def _print_table(path: Path, name: str, options: tuple[str, ...]) -> None:
    """The page of a workbook with table 3, as a picture."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)],
        check=True,
        capture_output=True,
    )
    pdf = str(path.with_suffix(".pdf"))
    pages = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
    page = str(1 + next(number for number, text in enumerate(pages.split("\f")) if "申请人情况" in text))
    size = ("-r", "110", "-x", "50", "-y", "58", "-W", "810", "-H", "900")
    subprocess.run(
        ["pdftoppm", "-f", page, "-png", "-singlefile", *size, *options, pdf, str(IMAGES / name)], check=True
    )


if __name__ == "__main__":
    main()
