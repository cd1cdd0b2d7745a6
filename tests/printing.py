"""Reports printed to PDF by LibreOffice from a page of ours, in one layout or another."""

from __future__ import annotations

import html
import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook_tool.forms import Box, Section, lay_out
from workbook_tool.renderers import title
from workbook_tool.report import Report


@dataclass(frozen=True)
class Layout:
    """How a report is printed."""

    font: str = "11pt"
    cells: str = "9pt"
    padding: str = "0.1cm"
    border: str = "1px solid #000"
    labels: tuple[int, ...] = (6, 12, 25)
    blank_lines: int = 0
    margin: str = "2cm"
    indent: str = "24pt"
    repeats_header: bool = False
    sets_labels_vertically: bool = False
    shades: bool = False


def to_pdf(reports: Iterable[tuple[str, Report, Layout]], folder: Path, password: str = "") -> Iterator[Path]:
    """Each of `reports` as PDF, by its name in `folder`; with a `password`, encrypted."""
    sources = []
    for name, report, layout in reports:
        source = folder / f"{name}.html"
        source.write_text(as_html(report, layout), encoding="utf-8")
        sources.append(source)
    options = {
        "EncryptFile": {"type": "boolean", "value": str(bool(password)).lower()},
        "DocumentOpenPassword": {"type": "string", "value": password},
    }
    subprocess.run(
        [
            "soffice",
            "--headless",
            "--norestore",
            f"-env:UserInstallation=file://{folder}/profile",
            "--infilter=HTML (StarWriter)",
            "--convert-to",
            f"pdf:writer_pdf_Export:{json.dumps(options)}",
            "--outdir",
            str(folder),
            *map(str, sources),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return (source.with_suffix(".pdf") for source in sources)


def as_html(report: Report, layout: Layout) -> str:
    """`report` as a page for LibreOffice to print."""
    parts = [
        f"<h1>{html.escape(title(report))}</h1>",
        *map(_paragraph, report.opening.splitlines()),
        "<p>&nbsp;</p>" * layout.blank_lines,
    ]
    for section in report.form.sections:
        parts.append(f"<p class=h>{html.escape(section.heading)}</p>")
        if section.tables:
            parts.append(_table(report, section, layout))
        else:
            parts += map(_paragraph, report.narratives.get(section.id, "").splitlines())
    style = (
        f"@page {{ size: A4; margin: {layout.margin} }} p {{ font-size: {layout.font}; margin: 0 0 4pt 0;"
        "font-family: 'Noto Serif CJK SC'; text-align: justify }"
        f"p.t {{ text-indent: {layout.indent} }}"
        "p.h { font-weight: bold }"
        "h1 { text-align: center; font-size: 20pt; font-family: 'Noto Sans CJK SC' }"
        f"td, th {{ font-size: {layout.cells}; font-weight: normal; font-family: 'Noto Serif CJK SC' }}"
    )
    page = "\n".join(parts)
    return f"<html><head><meta charset=utf-8><style>{style}</style></head><body>{page}</body></html>"


def _paragraph(text: str) -> str:
    return f"<p class=t>{html.escape(text)}</p>"


def _table(report: Report, section: Section, layout: Layout) -> str:
    found = lay_out(section)
    labels = layout.labels[: found.label_width] if found.label_width else ()
    rest = found.width - len(labels)
    widths = [*labels, *[(100 - sum(labels)) // rest] * rest]
    columns = "".join(f"<col width='{width}%'>" for width in widths)
    rows = [f"<tr>{''.join(_cell(report, box, layout) for box in boxes)}</tr>" for boxes in found.rows()]
    head = found.header_height if layout.repeats_header and len(section.tables) == 1 else 0
    top = f"<thead>{''.join(rows[:head])}</thead>" if head else ""
    return (
        f"<table width='100%' cellspacing=0 style='border-collapse: collapse'>{columns}{top}"
        f"<tbody>{''.join(rows[head:])}</tbody></table>"
    )


def _cell(report: Report, box: Box, layout: Layout) -> str:
    if box.cell:
        figure = report.values.get(box.cell)
        text = "" if figure is None else str(figure)
    else:
        text = html.escape(box.label)
        if layout.sets_labels_vertically and box.role == "row" and box.column == 0 and box.height > 1:
            text = "<br>".join(text)
    shade = "background: #c6d9f1;" if layout.shades and box.role == "banner" else ""
    align = "left" if box.role == "row" else "center"
    return (
        f"<td rowspan={box.height} colspan={box.width} align={align} valign=middle "
        f"style='border: {layout.border}; padding: {layout.padding}; {shade}'>{text}</td>"
    )
