"""Reports published as PDF: what stands on the pages, as lines."""

from workbook_tool.published.pdf.reader import read_pdf

__all__ = ["read_pdf"]
