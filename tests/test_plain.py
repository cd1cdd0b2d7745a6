"""What is usually written is read by expressions: the same as by the parser, on whatever is written instead.

A comment after the end of a part leaves all of it to the parser.
"""

from __future__ import annotations

import html
import io
import random
import re
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editing import sample_report
from workbook_tool.checks import check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.forms import editions, form
from workbook_tool.report import Reading, with_totals
from workbook_tool.sources import read_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import WbTool

SAMPLES = sorted((Path(__file__).parent.parent / "samples").rglob("*.xlsx"))
_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_NAMES = re.compile(rb"<definedName .*?</definedName>", re.DOTALL)
_MERGES = re.compile(rb"<mergeCell .*?/>")
_TYPED = rb'<c (r="\w+" s="\d+")><v>[^<]*</v></c>'
_UNTYPED = rb'<c (r="\w+" s="\d+")/>'
_EDITS: tuple[tuple[bytes, bytes], ...] = (
    (rb' t="s"', b""),
    (rb' t="s"', b' t="str"'),
    (rb' t="s"', b' t="b"'),
    (rb' t="s"', b' t="q"'),
    (rb'<c r="\w+"', b"<c"),
    (rb'<c r="\w+"', b'<c r="B2"'),
    (rb'<c r="\w+"', b'<c r="ZZZ9"'),
    (rb'<c r="\w+"', b'<c r="B0"'),
    (rb'<c r="\w+"', b'<c r="A1048576"'),
    (rb'<c r="\w+"', b'<c r="A1" r="A1"'),
    (rb'(<c r="\w+")( s="\d+")', rb"\2 \1"),
    (rb' s="\d+"', b' s="x"'),
    (rb"<v>[^<]*</v>", b"<v/>"),
    (rb"<v>[^<]*</v>", b"<v></v>"),
    (rb"<v>[^<]*</v>", b"<v> 7 </v>"),
    (rb"<v>[^<]*</v>", b"<v>1e3</v>"),
    (rb"<v>[^<]*</v>", b"<v>-4</v>"),
    (rb"<v>[^<]*</v>", b"<v>&#49;</v>"),
    (rb"<v>[^<]*</v>", b"<v>1</v><v>2</v>"),
    (rb"<v>[^<]*</v>", b"<v>9999999</v>"),
    (rb"<v>[^<]*</v>", b"<f>A1&amp;&quot;x&quot;&lt;2</f><v>1</v>"),
    (rb"<v>[^<]*</v>", b"<f></f><v>1</v>"),
    (rb"<v>[^<]*</v>", b"<v>1<b/></v>"),
    (rb"<v>[^<]*</v>", b"<v>\xef\xbf\xbf</v>"),
    (rb"<v>[^<]*</v>", b"<v>\x01</v>"),
    (rb"<v>[^<]*</v>", b"<v>\xff</v>"),
    (rb"<v>[^<]*</v>", b"<v>\xfe</v>"),
    (rb"<row ", b'<row ht="\xfe" '),
    (rb"<row ", b'<row ht="\xff" '),
    (_TYPED, rb"<c \1/>"),
    (_UNTYPED, rb"<c \1><v>7</v></c>"),
    (_UNTYPED, rb'<c \1><f t="array" ref="A1:Z40">1+1</f><v>2</v></c>'),
    (_UNTYPED, rb"<c \1/><c \1/>"),
    (_UNTYPED, b'<c r="XFD1048576" s="1"/>'),
    (rb"</f><v>[^<]*</v>", b"</f><v></v>"),
    (rb"><f>([^<]*)</f><v>[^<]*</v>", rb' t="str"><f>\1</f><v></v>'),
    (rb"<v>[^<]*</v>", b"<v>1]]></v>"),
    (rb"<v>[^<]*</v>", b"<is><t>12</t></is>"),
    (rb"</c>", b"</d>"),
    (rb"<row ", b'<row hidden="1" '),
    (rb"<row ", b'<row x14ac:dyDescent="0.25" '),
    (rb'<row r="\d+"', b"<row"),
    (rb'<row r="\d+"', b'<row r="3"'),
    (rb"<row ", b'<row xmlns="urn:other" '),
    (rb"<row .*?</row>", b'<plain-run n="0"/>'),
    (rb"<sheetData>", b'<sheetData><plain-run n="1"/>'),
    (rb"<sheetData>", b"<sheetData><sheetData>"),
    (rb"</sheetData>", b"</sheetData><sheetData></sheetData>"),
    (rb'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
    (rb'<\?xml version="1.0"', b'<?xml version="1.1"'),
    (rb"<t>", b"<t>&lt;&amp;lt;"),
    (rb"<t>", b"<t>_x0041_"),
    (rb"<t>", b"<t>\n\r\n "),
    (rb"<t>", b"<t><si><t>x</t></si>"),
    (rb"<t>[^<]*</t>", b"<t/>"),
    (
        rb"<t>([^<]*)</t>",
        rb'<r><rPr><b/><sz val="9"/></rPr><t xml:space="preserve">1</t></r><r><t>\1</t></r>',
    ),
    (rb"<t>([^<]*)</t>", rb"<r><t>\1</t></r><t>3</t>"),
    (rb"<t>([^<]*)</t>", rb"<r><rPr><strike/></rPr><t>4</t></r><r><t>\1</t></r>"),
    (rb"<t>([^<]*)</t>", rb'<r><t>\1</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>4</t></r>'),
    (rb"<t>([^<]*)</t>", rb'<r><rPr><1 val="9"/></rPr><t>\1</t></r>'),
    (rb"<t>([^<]*)</t>", rb'<r><rPr><sz val="9" val="9"/></rPr><t>\1</t></r>'),
    (rb"<t>([^<]*)</t>", rb"<r><rPr><sz/><t>5</t></rPr><t>\1</t></r>"),
    (rb"<t>([^<]*)</t>", rb"<r><t>\1</t></r><rPh><t>5</t></rPh><r><t>6</t></r>"),
    (rb"<si><t>", b"<si><rPh><t>y</t></rPh><t>"),
    (rb"<si><t>", b"<t>y</t><si><t>"),
    (rb"</definedName>", b"<x/></definedName>"),
    (rb"<definedName ", b'<definedName localSheetId="0" '),
    (rb'<definedName name="[^"]*"', b'<definedName name="&#65;"'),
)


def _rewritten(data: bytes, rewrite: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its sheets, strings and names written otherwise."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            is_read = name.startswith("xl/worksheets/sheet") or name in (
                "xl/sharedStrings.xml",
                "xl/workbook.xml",
            )
            new.writestr(name, rewrite(content) if is_read else content)
    return stream.getvalue()


def _for_the_parser(content: bytes) -> bytes:
    return content + b"<!-- -->"


def _somewhere(pattern: bytes, new: bytes, draw: random.Random) -> Callable[[bytes], bytes]:
    """Write one match of `pattern` in each part otherwise."""

    def rewrite(content: bytes) -> bytes:
        places = list(re.finditer(pattern, content, re.DOTALL))
        if not places:
            return content
        place = draw.choice(places)
        return content[: place.start()] + place.expand(new) + content[place.end() :]

    return rewrite


def _exchanged(pattern: re.Pattern[bytes], draw: random.Random) -> Callable[[bytes], bytes]:
    """Put some matches of `pattern` in each other's places, or twice, or nowhere."""

    def rewrite(content: bytes) -> bytes:
        found = pattern.findall(content)
        return pattern.sub(
            lambda here: (
                draw.choice(found) if draw.random() < 0.01 else here[0] * draw.choice((1,) * 99 + (0, 2))
            ),
            content,
        )

    return rewrite


def _emptied(draw: random.Random) -> Callable[[bytes], bytes]:
    """Take away what was typed, here and there or in whole rows."""
    part, by_rows = draw.choice((0.1, 0.5)), draw.random() < 0.5

    def blank(row: re.Match[bytes]) -> bytes:
        if by_rows:
            return re.sub(_TYPED, rb"<c \1/>", row[0]) if draw.random() < part else row[0]
        return re.sub(
            _TYPED, lambda cell: cell.expand(rb"<c \1/>") if draw.random() < part else cell[0], row[0]
        )

    return lambda content: re.sub(rb"<row .*?</row>", blank, content, flags=re.DOTALL)


def _told(data: bytes) -> tuple[Reading, str]:
    reading = read_report(data)
    places = reading.report and (reading.report.places, reading.report.paragraphs, reading.report.issued)
    return reading, repr((places, list(check(reading))))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples(path: Path) -> None:
    data = path.read_bytes()
    if not zipfile.is_zipfile(path):
        pytest.skip("the sample that cannot be read")

    assert _told(data) == _told(_rewritten(data, _for_the_parser))


@pytest.mark.parametrize(("pattern", "new"), _EDITS)
def test_whatever_is_written_instead(pattern: bytes, new: bytes) -> None:
    draw = random.Random(repr((pattern, new)))
    data = workbook_bytes(sample_report())
    for _ in range(3):
        odd = _rewritten(data, _somewhere(pattern, new, draw))
        assert odd != data
        assert _told(odd) == _told(_rewritten(odd, _for_the_parser))


@pytest.mark.parametrize("character", ["\ue000", "\ue0017", "&#57344;7"])
def test_any_character_stands_for_itself(character: str) -> None:
    """Also one that stands for something on the way."""
    cell = re.compile(rb'(<c r="C6" s="\d+") t="s"><v>\d+</v>')
    named = rb'\1 t="str"><v>%s</v>' % f"某{character}局".encode()
    begun = named.replace("某".encode(), b"")
    for written in (named, begun):
        odd = _rewritten(workbook_bytes(sample_report()), partial(cell.sub, written))
        reading = read_report(odd)

        assert reading.report is not None
        assert reading.report.agency.removeprefix("某") == html.unescape(character) + "局"


@pytest.mark.parametrize("seed", range(20))
def test_cells_and_names_exchanged(seed: int) -> None:
    draw = random.Random(seed)
    odd = _rewritten(workbook_bytes(sample_report()), _exchanged(draw.choice((_CELL, _NAMES)), draw))

    assert _told(odd) == _told(_rewritten(odd, _for_the_parser))


@pytest.mark.parametrize("seed", range(8))
def test_cells_left_blank(seed: int) -> None:
    """Sheets that differ in what is blank have one outline."""
    draw = random.Random(seed)
    data = workbook_bytes(sample_report())
    for _ in range(6):
        odd = _rewritten(data, _emptied(draw))
        assert _told(odd) == _told(_rewritten(odd, _for_the_parser))


@pytest.mark.parametrize("edition", editions())
def test_other_figures_below_the_same_labels(edition: str) -> None:
    """Whoever has seen the labels of one sheet takes the figures of another unit's where they stand."""
    draw = random.Random(edition)
    known = form(edition)
    for _ in range(12):
        typed = {
            cell: draw.choice((None, 0, draw.randrange(10), draw.randrange(10**6)))
            for cell in known.cells.values()
            if not cell.is_total
        }
        values = with_totals(known, typed, known.sums)
        report = replace(sample_report(edition), agency=f"{draw.choice('东南西北')}市某局", values=values)
        unnamed = _rewritten(workbook_bytes(report), lambda content: _NAMES.sub(b"", content))
        reading = read_report(unnamed)

        assert reading.report is not None
        assert {**reading.report.values} == {cell: report.values.get(cell) for cell in known.cells.values()}


def test_what_was_seen_of_one_workbook_changes_nothing_of_the_next(wb_tool: WbTool, tmp_path: Path) -> None:
    draw = random.Random(0)
    data = workbook_bytes(sample_report())
    odd = [_rewritten(data, _exchanged(draw.choice((_CELL, _NAMES, _MERGES)), draw)) for _ in range(14)]
    odd += [_rewritten(draw.choice((data, *odd)), _emptied(draw)) for _ in range(10)]
    for number, content in enumerate((data, *odd, data)):
        (tmp_path / f"{number:02}.xlsx").write_bytes(content)
    names = sorted(path.name for path in tmp_path.iterdir())

    together = wb_tool("check", *names, "--format", "jsonl").stdout.splitlines()

    assert together == [wb_tool("check", name, "--format", "jsonl").stdout.strip() for name in names]
