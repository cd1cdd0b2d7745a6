"""Reading a Word document (``.docx``): what one sees when all its changes are accepted."""

from workbook_tool.published.docx.reader import read_docx

__all__ = ["read_docx"]
