"""The real reports beside the checkout: their prose as it stands, their figures as the truth has them."""

from __future__ import annotations

import html
import json
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.forms import form
from workbook_tool.report import Report
from workbook_tool.sources import open_report

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).parent.parent.parent / "shared"
REPORTS = SHARED / "reports"
_HEADING = re.compile(r"^[#\s]*([一二三四五六])、.{0,30}$", re.MULTILINE)
_NARRATIVES = {"一": "s1", "五": "s5", "六": "s6"}
_HIDDEN = re.compile(r"(?is)<(script|style|table)\b.*?</\1>|<!--.*?-->")
_BLOCK = re.compile(r"(?i)</(?:p|div|li|h\d)>|<br[^>]*>")


def real_reports() -> Iterator[tuple[str, Report]]:
    """Each by its name: the seed, and those with a truth."""
    seed = open_report(SHARED / "design" / "seed-report.txt").report
    if seed:
        yield "seed-report", seed
    for path in sorted((REPORTS / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        known = form(truth["edition"])
        values = {
            known.cells[name]: Decimal(value) if isinstance(value, str) else value
            for name, value in truth["cells"].items()
            if name in known.cells
        }
        opening, narratives = _prose(_text(REPORTS / truth["file"]))
        yield path.stem, Report(known, truth["agency"] or "", truth["year"], values, narratives, opening)


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        found = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
        # A line of running text ends where the page does; one that is indented begins a paragraph.
        page = re.compile(r"\s*-\d+-\s*|\s*")
        lines = [line for line in found.stdout.decode().splitlines() if not page.fullmatch(line)]
        return re.sub(r"\n(?!\s{2,}\S)", "", "\n".join(lines))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "", _BLOCK.sub("\n", _HIDDEN.sub("", text))))
    return text


def _prose(text: str) -> tuple[str, dict[str, str]]:
    found = list(_HEADING.finditer(text))
    narratives = dict.fromkeys(_NARRATIVES.values(), "")
    for heading, after in zip(found, [*found[1:], None], strict=False):
        section = _NARRATIVES.get(heading[1])
        if section and not narratives[section]:
            lines = text[heading.end() : after.start() if after else len(text)].splitlines()
            narratives[section] = "\n".join(
                line.strip() for line in lines if line.strip() and "|" not in line
            )
    return text[: found[0].start()].strip() if found else "", narratives
