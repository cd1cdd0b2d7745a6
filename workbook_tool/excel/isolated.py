"""Opening a workbook in a child process, so that whatever it does to its reader ends there."""

from __future__ import annotations

import pickle
import subprocess
import sys

from workbook_tool.errors import SourceError
from workbook_tool.excel.book import Book
from workbook_tool.excel.child import SECONDS
from workbook_tool.phrase import Phrase


def open_isolated(data: bytes, kind: str, passwords: tuple[str, ...] = ()) -> Book:
    """The workbook in `data`, opened by a child with limits; its end without a word is a refusal."""
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            [sys.executable, "-m", "workbook_tool.excel.child", kind],
            input=pickle.dumps((passwords, data)),
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError("unsafe", {"problem": f"> {SECONDS * 2} s"}) from error
    if done.returncode != 0:
        words = Phrase("读取进程中止", "the reading process died")
        raise SourceError("unsafe", {"problem": Phrase(*(f"{text} ({done.returncode})" for text in words))})
    result = pickle.loads(done.stdout)  # noqa: S301  # from our own child
    if isinstance(result, Book):
        return result
    case, details = result
    raise SourceError(case, details)
