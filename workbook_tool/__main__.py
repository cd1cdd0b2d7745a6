"""``python -m workbook_tool`` is ``wb-tool``."""

from workbook_tool.cli import main

if __name__ == "__main__":
    main()
