"""Reports published as web pages: what a page shows, as lines."""

from workbook_tool.published.html.reader import read_page

__all__ = ["read_page"]
