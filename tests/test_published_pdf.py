"""Reading a published report from PDF."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.editing import sample_report
from tests.pdf_faults import spoil
from tests.pdf_pages import HEIGHT, LEFT, RIGHT, ROW, Drawing, Press, assembled, columns, pdf
from tests.printing import Layout, to_pdf
from workbook_tool import open_report
from workbook_tool.report import Reading, Report
from workbook_tool.sources import Opening, read_report

REAL = SHARED / "reports" / "01-huaian-city-2024.pdf"


def _pages(report: Report, room: float = 760) -> list[Drawing]:
    return Press(room).report(report)


def _read(pages: list[Drawing]) -> Report:
    report = read_report(pdf(pages)).report
    assert report is not None
    return report


def _is_same(report: Report, other: Report | None) -> bool:
    return other is not None and all(
        getattr(report, name) == getattr(other, name)
        for name in ("form", "agency", "year", "values", "narratives", "opening")
    )


def _case(reading: Reading) -> str:
    assert reading.report is None
    (finding,) = reading.findings
    assert finding.rule == "W-01"
    assert finding.message("zh")
    assert finding.message("en").isascii() or "{" not in finding.message("en")
    return finding.case


@pytest.mark.shared
def test_every_cell_of_a_real_report_is_right() -> None:
    truth = json.loads((SHARED / "reports" / "truth" / f"{REAL.stem}.json").read_text(encoding="utf-8"))
    reading = open_report(REAL)
    report = reading.report

    assert report is not None
    assert reading.findings == ()
    assert (report.agency, report.year, report.form.edition) == ("淮安市人民政府", 2024, "2021")
    assert {cell.id: figure for cell, figure in report.values.items()} == {
        name: Decimal(figure) if isinstance(figure, str) else figure
        for name, figure in truth["cells"].items()
    }


@pytest.mark.shared
def test_the_prose_of_a_real_report_is_made_of_its_paragraphs() -> None:
    report = open_report(REAL).report

    assert report is not None
    paragraphs = report.narratives["s1"].split("\n")
    assert [text[:3] for text in paragraphs] == ["202", "（一）", "（二）", "（三）", "（四）", "（五）"]
    assert all(text.endswith("。") for text in paragraphs)
    assert "“建设‘四最’一流营商环境高质量推进产业发展”" in paragraphs[1], "over the page's end"
    assert len(report.narratives["s5"].split("\n")) == 2
    assert report.narratives["s6"].endswith("全年收取政府信息公开信息处理费3940元。")
    assert report.opening.startswith("本报告由淮安市人民政府办公室")
    assert "-" not in "".join(report.narratives.values()), "no page numbers"


@pytest.mark.parametrize("edition", ["2021", "2019"])
@pytest.mark.parametrize("room", range(400, 780, 52))
def test_where_pages_end_does_not_matter(edition: str, room: int) -> None:
    report = sample_report(edition, 2025 if edition == "2021" else 2020)

    reading = read_report(pdf(_pages(report, room)))

    assert reading.findings == ()
    assert reading.report is not None
    assert _is_same(report, reading.report)


def test_every_cell_tells_where_it_stands() -> None:
    report = _read(_pages(sample_report()))

    places = {cell.id: place.source for cell, place in report.places.items()}
    assert places["t2.government_rules.issued"] == ("第1页表1第3行", "page 1, table 1, row 3")
    assert places["t3.received.natural"].en.endswith("table 2, row 4")


@pytest.mark.parametrize("number", ["- {} -", "— {} —", "第{}页", "第 {} 页 共 5 页"])
def test_page_numbers_and_running_heads_are_no_text(number: str) -> None:
    report = sample_report()
    pages = _pages(report, 500)
    for count, page in enumerate(pages, start=1):
        page.text(250, 520, number.format(count))
        page.text(LEFT, 40, "示例市青河区人民政府办公室文件")

    assert _is_same(report, _read(pages))


def test_rows_may_be_drawn_a_little_aside() -> None:
    report = sample_report()
    pages = _pages(report)
    for count, page in enumerate(pages):
        chance = random.Random(count)
        for number, part in enumerate(page.parts):
            if part.endswith("re S"):
                x, y, width, height, *_ = part.split()
                aside = chance.choice([-2, 0, 2]) if LEFT < float(x) < RIGHT - float(width) - 1 else 0
                page.parts[number] = f"{float(x) + aside} {y} {width} {height} re S"

    assert report.values == _read(pages).values


def test_a_page_number_inside_a_table_is_no_text() -> None:
    report = sample_report()
    pages = _pages(report, 760)
    edges = columns(report.form.sections[2])
    frames = [part.split() for part in pages[0].parts if part.endswith("re S")]
    bottom = min(float(frame[1]) for frame in frames)
    pages[0].text(edges[4] + 2, HEIGHT - bottom - 2, "- 1 -", 5)

    assert report.values == _read(pages).values


def _spot(pages: list[Drawing], words: str) -> tuple[Drawing, float, float]:
    """The page on which `words` stand, and where."""
    code = f"<{words.encode('utf-16-be').hex()}>"
    for page in pages:
        for part in page.parts:
            if code in part:
                _, _, _, _, x, y, *_ = part.split()
                return page, float(x), HEIGHT - float(y)
    raise AssertionError(words)


def _with(cell: str, figure: int) -> Report:
    report = sample_report()
    return replace(report, values={**report.values, report.form.cells[cell]: figure})


def _two_lines(page: Drawing, x: float, y: float) -> None:
    page.text(x, y + 7, "66", 6)


def _small_digit(page: Drawing, x: float, y: float) -> None:
    page.text(x + 12, y - 2, "1", 3.5)


def _over_the_rule(page: Drawing, x: float, y: float) -> None:
    page.text(x + 12, y, "555555555", 6)


def _printed_over(page: Drawing, x: float, y: float) -> None:
    page.text(x + 1.5, y, "1234", 6)


def _raised(page: Drawing, x: float, y: float) -> None:
    page.text(x + 12, y - 2, "1", 6)


def _white(page: Drawing, x: float, y: float) -> None:
    page.parts.append("q 1 1 1 rg")
    page.text(x + 12, y, "1", 6)
    page.parts.append("Q")


def _covered(page: Drawing, x: float, y: float) -> None:
    page.parts.append(f"q 1 g {x} {HEIGHT - y - 2} 4 9 re f Q")


def _struck(page: Drawing, x: float, y: float) -> None:
    page.line(x - 1, y - 2, x + 13, y - 2)


def _blackened(page: Drawing, x: float, y: float) -> None:
    page.parts.append(f"q 0 0 .5 rg {x - 1} {HEIGHT - y - 2} 20 9 re f Q")


def _under_a_picture(page: Drawing, x: float, y: float) -> None:
    page.parts.append(f"q 20 0 0 9 {x} {HEIGHT - y - 2} cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q")


def _again(before: str, after: str = "Q") -> Callable[[Drawing, float, float], None]:
    """Print the figure anew, after and before some operators, in which X and Y stand for its place."""

    def spoil(page: Drawing, x: float, y: float) -> None:
        page.parts = [part for part in page.parts if f"Td <{'7654'.encode('utf-16-be').hex()}>" not in part]
        page.parts.append(before.replace("X", str(x)).replace("Y", str(HEIGHT - y)))
        page.text(x, y, "7654", 6)
        page.parts.append(after)

    return spoil


_SPOILS = [
    _two_lines,
    _small_digit,
    _over_the_rule,
    _printed_over,
    _raised,
    _white,
    _covered,
    _struck,
    _blackened,
    _under_a_picture,
    _again("q 1 g"),
    _again("q .95 .95 .95 rg"),
    _again("q 0 0 0 0 k"),
    _again("q .8 g X Y 30 9 re f .8 g"),
    _again("q X Y 6.2 9 re W n"),
    _again("q X Y 7 9 re W* n"),
    _again("q X Y m 0 0 l 9 9 l h W n"),
    _again("q 0 0 9 9 re W n"),
    _again("q .1 0 0 .1 X Y cm 1 0 0 1 -X -Y cm"),
    _again("q -1 0 0 -1 X Y cm 1 0 0 1 -X -Y cm 1 0 0 1 -12 -4 cm"),
    _again("q 1 0 0 -1 X Y cm 1 0 0 1 -X -Y cm 1 0 0 1 0 -4 cm"),
]


@pytest.mark.parametrize("spoil", _SPOILS)
def test_figures_that_are_not_certain_are_left_out_and_said(
    spoil: Callable[[Drawing, float, float], None],
) -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    spoil(*_spot(pages, "7654"))

    reading = read_report(pdf(pages))

    assert reading.report is not None
    assert "t3.received.legal.business" not in {cell.id for cell in reading.report.values}
    assert [f for f in reading.findings if f.severity == "error"]
    for cell, figure in reading.report.values.items():
        assert figure == report.values[cell], cell.id


def test_a_figure_printed_twice_at_one_place_is_one() -> None:
    report = _with("t3.received.legal.business", 11)
    pages = _pages(report)
    page, x, y = _spot(pages, "11")
    page.text(x + 0.3, y, "11", 6)

    assert _read(pages).values == report.values


@pytest.mark.parametrize("removed", ["vertical", "horizontal"])
def test_a_missing_rule_makes_no_figure_another_one(removed: str) -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    page, x, y = _spot(pages, "7654")
    left, top = x - 2, y - 8
    width = columns(report.form.sections[2])[5] - columns(report.form.sections[2])[4]
    # Frames are drawn cell by cell; what is taken away is a side of this cell and of its neighbour.
    keep, lost = [], 0
    for part in page.parts:
        if part.endswith("re S"):
            x0, bottom, _, down = map(float, part.split()[:4])
            is_here = abs(x0 - left) < 1 and abs(HEIGHT - bottom - down - top) < 1
            is_next = (
                abs(x0 - left - width) < 1 and abs(HEIGHT - bottom - down - top) < 1
                if removed == "vertical"
                else abs(x0 - left) < 1 and abs(HEIGHT - bottom - down - top - ROW) < 1
            )
            if is_here or is_next:
                lost += 1
                continue
        keep.append(part)
    assert lost == 2
    page.parts = keep
    if removed == "vertical":
        page.frame(left, top, left + 2 * width, top + ROW)
    else:
        page.frame(left, top, left + width, top + 2 * ROW)

    reading = read_report(pdf(pages))

    assert reading.report is not None
    assert [f for f in reading.findings if f.severity == "error"]
    for cell, figure in reading.report.values.items():
        assert figure == report.values[cell], cell.id


@pytest.mark.parametrize("seed", range(24))
def test_whatever_happened_to_the_rules_nothing_is_misread(seed: int) -> None:
    chance = random.Random(seed)
    report = sample_report(*chance.choice([("2021", 2025), ("2019", 2020)]))
    drawn = {
        cell: chance.choice([None, chance.randrange(10), chance.randrange(1000), chance.randrange(20_000)])
        for cell, figure in report.values.items()
        if isinstance(figure, int)
    }
    report = replace(report, values={**report.values, **drawn})
    pages = _pages(report, chance.randrange(300, 780))
    faults = spoil(pages, chance)

    reading = read_report(pdf(pages))

    if reading.report is None:
        assert _case(reading) in {"no_report", "unruled", "several"}
        return
    for cell, figure in reading.report.values.items():
        assert figure == report.values[report.form.cells[cell.id]], (cell.id, faults)
    if len(reading.report.values) < len(report.values):
        assert any(finding.severity == "error" for finding in reading.findings), faults


def test_the_title_in_the_file_counts_only_where_none_is_printed() -> None:
    report = sample_report()
    pages = _pages(report)
    stale = _info("示例镇2019年政府信息公开工作年度报告")
    printed = read_report(pdf(pages, info=stale)).report
    assert printed is not None
    assert (printed.agency, printed.year) == (report.agency, report.year)

    pages[0].parts.pop(0)
    unprinted = read_report(pdf(pages, info=_info("示例县财政局2025年政府信息公开工作年度报告"))).report
    assert unprinted is not None
    assert (unprinted.agency, unprinted.year) == ("示例县财政局", 2025)


def _info(title: str) -> str:
    return f"/Title<feff{title.encode('utf-16-be').hex()}>"


def test_text_that_nobody_sees_does_not_count() -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    page, x, y = _spot(pages, "7654")
    page.parts.append("3 Tr")
    page.text(x + 16, y, "9", 6)

    assert _read(pages).values == report.values


@pytest.mark.parametrize(
    ("before", "layers", "counts"),
    [
        ("3 Tr", "", False),
        ("/G gs", "", False),
        ("/OC /A BDC", "", True),
        ("/OC /A BDC", "/OFF[3 0 R]", False),
        ("/Span <<>> BDC /OC /A BDC", "/OFF[3 0 R]", False),
        ("/OC /A BDC", "/BaseState/OFF", False),
        ("/OC /A BDC", "/BaseState/OFF/ON[3 0 R]", True),
        ("/OC /B BDC", "/OFF[3 0 R]", False),
        ("/OC /C BDC", "/OFF[3 0 R]", False),
    ],
)
def test_what_is_not_shown_does_not_count(before: str, layers: str, counts: bool) -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    page, x, y = _spot(pages, "7654")
    page.parts.append(f"q {before}")
    page.text(x + 13, y, "9", 6)
    page.parts.append("EMC Q" if "BDC" in before else "Q")
    groups = "/A 3 0 R/B<</Type/OCMD/OCGs[3 0 R]>>/C<</Type/OCMD/OCGs 3 0 R/P/AllOn>>"
    data = pdf(
        pages,
        resources=f"/ExtGState<</G<</ca 0>>>>/Properties<<{groups}>>",
        layers=f"/OCProperties<</OCGs[3 0 R]/D<<{layers}>>>>",
    )

    read = read_report(data).report

    assert read is not None
    assert read["t3.received.legal.business"] == (76549 if counts else 7654)


@pytest.mark.parametrize("kind", ["Square", "Stamp", "StrikeOut", "Redact", "Link"])
def test_what_was_put_over_a_page_afterwards_hides_what_is_below(kind: str) -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    _, x, y = _spot(pages, "7654")
    for flags, is_hidden in (("", False), ("/F 2", True)):
        note = (
            f"/Annots[<</Type/Annot/Subtype/{kind}/Rect[{x} {HEIGHT - y} {x + 20} {HEIGHT - y + 9}]{flags}>>]"
        )
        read = read_report(pdf(pages, extra=note)).report

        assert read is not None
        is_read = "t3.received.legal.business" in {cell.id for cell in read.values}
        assert is_read is (is_hidden or kind == "Link")


def test_what_the_page_does_not_hold_is_not_read() -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    _, x, _ = _spot(pages, "7654")

    read = read_report(pdf(pages, extra=f"/CropBox[0 0 {x + 6} {HEIGHT}]")).report

    assert read is not None
    assert "t3.received.legal.business" not in {cell.id for cell in read.values}
    assert all(figure == report.values[cell] for cell, figure in read.values.items() if figure is not None)


def test_white_figures_on_dark_ground_are_read() -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    _again("q 0 .2 .6 rg X Y 13 9 re f 1 g")(*_spot(pages, "7654"))

    assert _read(pages).values == report.values


def test_what_is_painted_within_a_form_is_seen_as_the_form_is() -> None:
    report = _with("t3.received.legal.business", 7654)
    for before, counts in (("", True), ("3 Tr ", False), ("0 0 9 9 re W n ", False)):
        pages = _pages(report)
        page, x, y = _spot(pages, "7654")
        page.parts.append(f"q {before}1 0 0 1 {x} {HEIGHT - y} cm /X Do Q")
        code = b"BT /F 6 Tf 13 0 Td <0039> Tj ET"
        form = (
            b"<</Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F 3 0 R>>>>/Length %d>>stream\n%s\nendstream"
        )

        read = read_report(pdf(pages, form=form % (len(code), code))).report

        assert read is not None
        figure = {cell.id: figure for cell, figure in read.values.items()}.get("t3.received.legal.business")
        assert figure == (76549 if counts else 7654 if "Tr" in before else None), before


def test_a_picture_of_a_figure_is_no_blank_cell() -> None:
    report = _with("t3.received.legal.business", 7654)
    pages = _pages(report)
    page, x, y = _spot(pages, "7654")
    page.parts = [part for part in page.parts if "0037003600350034" not in part]
    page.parts.append(f"q 20 0 0 8 {x} {HEIGHT - y} cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q")

    reading = read_report(pdf(pages))

    assert reading.report is not None
    assert "t3.received.legal.business" not in {cell.id for cell in reading.report.values}


def test_a_report_in_tables_without_rules_is_refused() -> None:
    pages = _pages(sample_report())
    for page in pages:
        page.parts = [part for part in page.parts if not part.endswith("re S")]

    assert _case(read_report(pdf(pages))) == "unruled"


def test_a_scanned_report_is_refused_in_so_many_words() -> None:
    reading = read_report(_picture())

    assert _case(reading) == "scanned"
    assert "扫描" in reading.findings[0].message("zh")
    assert "scan" in reading.findings[0].message("en")


def test_pages_that_are_pictures_among_others_are_told() -> None:
    pages = [*_pages(sample_report()), Drawing(["q 500 0 0 700 9 9 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"])]

    (finding,) = read_report(pdf(pages)).findings

    assert (finding.rule, finding.case, finding.severity) == ("W-08", "pictures", "warning")
    assert str(len(pages)) in finding.message("zh")


def _picture() -> bytes:
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
            b"<</Length 29>>stream\nq 595 0 0 842 0 0 cm /I Do Q \nendstream",
            b"<</Subtype/Image/Width 1/Height 1/BitsPerComponent 8/Length 1>>stream\nx\nendstream",
        ]
    )


def test_a_page_with_form_fields_or_notes_is_refused() -> None:
    pages = _pages(sample_report())
    for extra in ("/Subtype/FreeText", "/Subtype/Widget/FT/Tx/V(5)"):
        notes = f"/Annots[<</Type/Annot{extra}/Rect[0 0 9 9]>>]"
        assert _case(read_report(pdf(pages, extra=notes))) == "fields"

    seal = "/Annots[<</Type/Annot/Subtype/Widget/FT/Sig/Rect[0 0 9 9]>>]"
    assert read_report(pdf(pages, extra=seal)).findings == ()


def _deep(depth: int) -> bytes:
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 3) for number in range(depth)]
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def _stream(content: bytes) -> bytes:
    data = zlib.compress(content)
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(for(;;\\);)>>>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data),
        ]
    )


_STROKES = b"".join(b"0 %d m 9 %d l S\n" % (number, number) for number in range(60_000))


def _loop() -> bytes:
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[2 0 R 3 0 R]>>",
            b"<</Type/Pages/Count 1/Kids[2 0 R]>>",
        ]
    )


def _forms() -> bytes:
    """Drawings that show the next one eight times, twelve deep."""
    forms = [
        b"<</Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>/Length 48>>stream\n%s\nendstream"
        % (number + 6, b"/X Do " * 8)
        for number in range(12)
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    content = b"<</Length 5>>stream\n/X Do\nendstream"
    return assembled(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content, *forms]
    )


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "pages": (lambda: pdf([Drawing()] * 5000), {"unsafe"}),
    "loop": (_loop, {"truncated"}),
    "deep": (lambda: _deep(20_000), {"unsafe"}),
    "bomb": (lambda: _stream(b" " * 600_000_000), {"unsafe"}),
    "operators": (lambda: _stream(b"q " * 5_000_000), {"unsafe"}),
    "strokes": (lambda: _stream(_STROKES), {"unsafe", "scanned"}),
    "cut": (lambda: pdf(_pages(sample_report()))[:3000], {"truncated"}),
    "empty": (lambda: b"%PDF-1.7\n", {"truncated"}),
    "brackets": (lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 3_000_000, {"unsafe"}),
    "brackets on a page": (lambda: _stream(b"[" * 3_000_000), {"unsafe"}),
    "objects": (lambda: b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 2_000_000, {"unsafe"}),
    "references": (
        lambda: assembled([b"<</Type/Catalog/Pages 2 0 R>>", b"3 0 R", b"2 0 R"]),
        {"unsafe", "truncated"},
    ),
    "forms": (_forms, {"unsafe"}),
    "comments": (lambda: b"%PDF-1.7\n" + b"%\n" * 40_000_000, {"unsafe"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_damaged_files_are_refused(name: str) -> None:
    make, cases = HOSTILE[name]

    assert _case(read_report(make())) in cases


LAYOUTS = {
    "plain": Layout(),
    "tight": Layout(cells="7pt", padding="0", labels=(4, 8, 18), sets_labels_vertically=True),
    "large": Layout(font="16pt", cells="12pt", padding="0.2cm", blank_lines=9, labels=(8, 10, 30)),
    "heads": Layout(repeats_header=True, blank_lines=21, border="3px double #000"),
    "shaded": Layout(shades=True, border="0.5pt solid #888", blank_lines=13, margin="1.2cm"),
    "dotted": Layout(border="1px dotted #000", indent="0", font="12pt", blank_lines=5),
}


@pytest.mark.office
def test_what_libreoffice_prints_is_read_back(tmp_path: Path) -> None:
    reports = {
        f"{name}-{edition}": (sample_report(edition, year), layout)
        for name, layout in LAYOUTS.items()
        for edition, year in (("2021", 2025), ("2019", 2020))
    }

    printed = to_pdf(((name, report, layout) for name, (report, layout) in reports.items()), tmp_path)

    for path in printed:
        reading = open_report(path)
        assert reading.findings == (), path.stem
        assert _is_same(reports[path.stem][0], reading.report), path.stem


@pytest.mark.office
def test_an_encrypted_file_needs_its_password(tmp_path: Path) -> None:
    (path,) = to_pdf([("locked", sample_report(), Layout())], tmp_path, "geheim")
    data = path.read_bytes()

    assert _case(read_report(data)) == "encrypted"
    reading = read_report(data, Opening(passwords=("falsch", "geheim")))
    assert reading.findings == ()
    assert _is_same(sample_report(), reading.report)
