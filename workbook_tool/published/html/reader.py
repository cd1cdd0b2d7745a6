"""Reading a report from a web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.children import Children
from workbook_tool.errors import SourceError
from workbook_tool.published.assemble import report_in
from workbook_tool.published.html.document import document_in

if TYPE_CHECKING:
    from workbook_tool.report import Reading

_LONGEST_HERE = 128 << 10
"""Characters of a page that is taken apart in this process: however odd, it takes two seconds at most."""

_MOST_RULES_HERE = 500
"""Braces in such a page, of which style sheets are made."""

_COSTLY = 50
"""As many rules takes one that counts elements."""

_PATIENCE = 3.3
"""Seconds for any other page; one of ten times that length takes 0.1."""

_CHILDREN = Children("workbook_tool.published.html.child")


def read_page(text: str) -> Reading:
    """The report in a web page whose source is `text`; a `SourceError` where there is none."""
    is_small = (
        len(text) <= _LONGEST_HERE and text.count("{") + _COSTLY * text.count("nth-") <= _MOST_RULES_HERE
    )
    document = document_in(text) if is_small else _CHILDREN.open(text, _PATIENCE)
    try:
        return report_in(document)
    except SourceError as error:
        if error.case == "no_report":
            raise SourceError("web_page") from error
        raise
