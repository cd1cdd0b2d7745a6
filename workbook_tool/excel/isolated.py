"""Opening a workbook in a child process, so that whatever it does to its reader ends there."""

from __future__ import annotations

import pickle
import subprocess
import sys

from workbook_tool.errors import SourceError
from workbook_tool.excel.book import Book
from workbook_tool.excel.child import seconds
from workbook_tool.phrase import Phrase


def open_isolated(data: bytes, kind: str, passwords: tuple[str, ...] = ()) -> Book:
    """The workbook in `data`, opened by a child with limits; its end without a word is a refusal."""
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            # -P: modules are looked for where they are installed, never among the files that came in.
            [sys.executable, "-P", "-m", "workbook_tool.excel.child", kind],
            input=pickle.dumps((passwords, data)),
            capture_output=True,
            timeout=2 * seconds(len(passwords)),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError("unsafe", {"problem": f"> {2 * seconds(len(passwords))} s"}) from error
    if done.returncode != 0:
        raise _died(done.returncode)
    if not done.stdout:
        raise _died(done.returncode)
    result = pickle.loads(done.stdout)  # noqa: S301  # from our own child
    if isinstance(result, Book):
        return result
    case, details = result
    raise SourceError(case, details)


def _died(code: int) -> SourceError:
    words = Phrase("读取进程中止", "the reading process died")
    return SourceError("unsafe", {"problem": Phrase(*(f"{text} ({code})" for text in words))})
