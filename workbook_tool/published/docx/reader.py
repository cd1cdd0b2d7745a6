"""Reading a report from a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import Children
from workbook_tool.errors import SourceError
from workbook_tool.ooxml.package import open_package
from workbook_tool.published.assemble import report_in
from workbook_tool.published.docx.document import document_in

if TYPE_CHECKING:
    from workbook_tool.ooxml.package import Package
    from workbook_tool.published.lines import Document
    from workbook_tool.report import Reading

_FEW_WORDS = 300
"""Characters of a document that is nothing but its pictures."""

_LARGEST_HERE = 1 << 20
"""Bytes of XML that is taken apart in this process; a report of ten pages has half of it."""

_PATIENCE = 3.3
"""Seconds for any other document."""

_CHILDREN = Children("workbook_tool.published.docx.child")


def read_docx(data: bytes) -> Reading:
    """The report in the Word document `data`; a `SourceError` where there is none.

    Changes are taken as accepted; hidden text, notes, comments, headers and footers are not read.
    """
    document = _apart(open_package(data))
    try:
        return report_in(document)
    except SourceError as error:
        words = sum(len(line.text) for line in document.lines)
        if (
            error.case == "no_report"
            and words < _FEW_WORDS
            and any(line.is_picture for line in document.lines)
        ):
            raise SourceError("picture_tables") from error
        raise


def _apart(package: Package) -> Document:
    """`package` as lines; what may take long goes to a child with limits."""
    if sum(map(len, package.parts.values())) <= _LARGEST_HERE:
        return document_in(package)
    document: Document = _CHILDREN.open(package, _PATIENCE)
    return document
