"""Everything wb-tool raises on purpose.

::

    WorkbookToolError        shown to the user as one message, exit code 2
    ├── FormError            an edition file is wrong: which file, which key
    ├── SourceError          a source cannot be used: becomes finding W-01
    └── OutputError          a result cannot be written

Wrong *data* is never an exception; it is a `Finding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workbook_tool.phrase import Phrase


class WorkbookToolError(Exception):
    """A request that could not be carried out, in words fit for the user."""


class FormError(WorkbookToolError):
    """An edition file that does not describe a form, with the file and the key."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        """Say that `key` in `file` has `problem`."""
        super().__init__(f"{file}: {key}: {problem}")
        self.file = file
        self.key = key
        self._problem = problem

    def __reduce__(self) -> tuple[type[FormError], tuple[str, str, str]]:
        """What it takes to raise it again in another process."""
        return FormError, (self.file, self.key, self._problem)


class SourceError(WorkbookToolError):
    """A source that is not a readable report.

    `case` names one of the cases of rule W-01 in the rule book, where the words
    for the clerk stand; `details` fills their placeholders.
    """

    def __init__(self, case: str, details: Mapping[str, str | Phrase] | None = None) -> None:
        """Refuse a source for the reason `case`."""
        super().__init__(case)
        self.case = case
        self.details = dict(details or {})

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, dict[str, str | Phrase]]]:
        """What it takes to raise it again in another process."""
        return SourceError, (self.case, self.details)


class OutputError(WorkbookToolError):
    """A file that was not written: it exists already, or the place refuses it."""

    def __init__(self, path: Path | str, problem: str) -> None:
        """Say that `path` has `problem`."""
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem

    def __reduce__(self) -> tuple[type[OutputError], tuple[Path | str, str]]:
        """What it takes to raise it again in another process."""
        return OutputError, (self.path, self.problem)
