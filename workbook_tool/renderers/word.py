"""The report as a Word document, laid out as official documents are (GB/T 9704).

Page, paragraphs and document properties; the tables are in `word_tables`. How it looks is data:
``templates/word/``.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATED
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from workbook_tool.renderers import CHARTED, DRAFT, title
from workbook_tool.renderers.subheadings import NUMBER, is_subheading
from workbook_tool.renderers.word_tables import table_xml
from workbook_tool.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    from workbook_tool.renderers.charts import Chart
    from workbook_tool.report import Report

_FIXED_TIME = datetime(2021, 9, 29, tzinfo=UTC).replace(tzinfo=None)
_ZIP_TIME = (2021, 9, 29, 0, 0, 0)
_NEEDED = {RELATED.STYLES, RELATED.SETTINGS, RELATED.FONT_TABLE}
_PAGE = {"page_width": 210, "page_height": 297}
_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
_EDGES = {"header_distance": 20, "footer_distance": 26}
"""Millimetres. The page number stands 7 mm below the text."""

_AROUND_TABLE = Pt(8)
_PICTURE = Mm(100)
_TITLE_LINE = 20
"""Characters of the title's size between the margins."""

_LEAD_IN = re.compile(r"[^。；：!！?？]{1,40}[。：]")
_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_word(report: Report, *, draft: bool = False, charts: Sequence[Chart] = ()) -> bytes:
    """The report as a ``.docx`` file, its fields being filled in already; a `draft` says so on every page.

    The `charts` follow table 三.
    """
    document = _empty()
    _set_page(document, DRAFT if draft else "")
    _describe(document, report)
    _write_title(document, report)
    _write(document, report.opening)
    after_table = False
    for section in report.form.sections:
        heading = document.add_paragraph(section.heading, style="heading 1")
        heading.paragraph_format.space_before = _AROUND_TABLE if after_table else None
        after_table = bool(section.tables)
        if section.tables:
            heading.paragraph_format.space_after = _AROUND_TABLE
            document.element.body.insert_element_before(parse_xml(table_xml(report, section)), "w:sectPr")
        for chart in charts if section.id == CHARTED else ():
            _add_picture(document, chart)
        _write(document, report.narratives.get(section.id, ""))
    return _packed(document)


def _empty() -> WordDocument:
    """A document without anything but our styles, fonts and settings."""
    document = Document()
    for part in (document.part, document.part.package):
        for name, relation in list(part.rels.items()):
            if relation.reltype not in _NEEDED | {RELATED.OFFICE_DOCUMENT, RELATED.CORE_PROPERTIES}:
                part.rels.pop(name)
    for element, file in ((document.styles.element, "styles"), (document.settings.element, "settings")):
        element[:] = parse_xml(_template(file))[:]
    old = document.part.part_related_by(RELATED.FONT_TABLE)
    fonts = Part(old.partname, old.content_type, _template("fonts"), old.package)
    for relation in document.part.rels.values():
        if relation.reltype == RELATED.FONT_TABLE:
            document.part.rels.pop(relation.rId)
            break
    document.part.relate_to(fonts, RELATED.FONT_TABLE)
    return document


def _template(name: str) -> bytes:
    return resource(f"templates/word/{name}.xml").read_bytes()


def _set_page(document: WordDocument, header: str) -> None:
    """A4 with the margins of official documents, the page's number below and `header` above."""
    section = document.sections[0]
    for name, millimetres in (_PAGE | _MARGINS | _EDGES).items():
        setattr(section, name, Mm(millimetres))
    if header:
        section.header.paragraphs[0].text = header
        section.header.paragraphs[0].style = "header"
    footer = section.footer.paragraphs[0]
    footer.style = "footer"
    footer.add_run("— ")
    _add_page_number(footer)
    footer.add_run(" —")


def _add_page_number(paragraph: Paragraph) -> None:
    namespace = paragraph._p.nsmap["w"]  # noqa: SLF001  # python-docx has fields only as XML
    field = f'<w:fldSimple xmlns:w="{namespace}" w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))  # type: ignore[arg-type]  # noqa: SLF001


def _describe(document: WordDocument, report: Report) -> None:
    known = document.core_properties
    known.title, known.author = _clean(title(report))[:255], _clean(report.agency)[:255]
    known.subject, known.last_modified_by = "政府信息公开工作年度报告", known.author
    known.comments = known.keywords = ""
    known.language = "zh-CN"
    known.created = known.modified = _FIXED_TIME


def _add_picture(document: WordDocument, chart: Chart) -> None:
    """A chart in a line of its own, with its words for those who do not see it."""
    # The body's lines are of one height, which would cut it off.
    paragraph = document.add_paragraph(style="Table Text")
    paragraph.paragraph_format.space_before = _AROUND_TABLE
    picture = paragraph.add_run().add_picture(io.BytesIO(chart.png), width=_PICTURE)
    described = picture._inline.docPr  # noqa: SLF001  # python-docx has no name for it
    described.set("name", chart.title)
    described.set("descr", chart.alt)


def _write_title(document: WordDocument, report: Report) -> None:
    """The title in one line, or else the agency in a line of its own."""
    words, agency = _clean(title(report)), _clean(report.agency)
    if len(words) > _TITLE_LINE and words.startswith(agency):
        words = f"{agency}\n{words.removeprefix(agency)}"
    document.add_paragraph(words, style="Title")


def _write(document: WordDocument, text: str) -> None:
    """The paragraphs of `text`; what is numbered （一） is a heading, or begins with one."""
    for words in _clean(text).split("\n") if text else ():
        if is_subheading(words):
            document.add_paragraph(words, style="heading 2")
            continue
        paragraph = document.add_paragraph(style="Body Text")
        lead = _LEAD_IN.match(words) if NUMBER.match(words) else None
        if lead:
            paragraph.add_run(lead[0], style="Lead In")
        paragraph.add_run(words[lead.end() :] if lead else words)


def _clean(text: str) -> str:
    """`text` without what XML has no place for."""
    return _NOT_IN_XML.sub("", text)


def _packed(document: WordDocument) -> bytes:
    """The file; python-docx puts the time of day into the zip, which would make every file another."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(member))
    return packed.getvalue()
