"""Word documents for the tests: a report as we write it, with its XML changed as Word and WPS have it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from workbook_tool import render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbook_tool import Report

DOCUMENT = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def part(data: bytes, name: str = DOCUMENT) -> str:
    """The text of one part of a document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def changed(report: Report, change: Callable[[str], str], parts: Mapping[str, str] | None = None) -> bytes:
    """`report` as a document whose XML is what `change` makes of it; `parts` are added or replaced."""
    data = render(report, "docx")
    text = part(data)
    root = text.index("<w:document") + len("<w:document")
    there = text[root : text.index(">", root)]
    missing = " ".join(name for name in NAMESPACES.split() if name.partition("=")[0] not in there)
    text = f"{text[:root]} {missing}{text[root:]}"
    now = change(text)
    assert now != text, "nothing was changed"
    return zipped(data, {DOCUMENT: now, **(parts or {})})


def zipped(data: bytes, parts: Mapping[str, str]) -> bytes:
    """`data` with `parts` added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def with_lists(report: Report, change: Callable[[str], str], *levels: tuple[str, str]) -> bytes:
    """Like `changed`, with list 7 numbered as `levels` say: format and text of each."""
    every = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for place, (form, text) in enumerate(levels)
    )
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="3">{every}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
    )
    relations = part(render(report, "docx"), RELATIONS).replace(
        "</Relationships>",
        f'<Relationship Id="rIdN" Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>',
    )
    return changed(report, change, {"word/numbering.xml": numbering, RELATIONS: relations})
