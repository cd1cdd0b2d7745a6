"""Build what the repository holds ready-made: the samples, the blank workbooks, the pages on the rules.

``python samples/build.py`` writes them, ``--check`` only says which are stale (exit code 1).
The bad samples are the first failing case of each rule under ``tests/rules``; what one is held against as
last year's report is in ``samples/prior``, under the same name.
"""

from __future__ import annotations

import io
import os
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# openpyxl writes other bytes where lxml is installed.
os.environ["OPENPYXL_LXML"] = "False"

from samples.rule_pages import rule_page  # noqa: E402
from tests.editing import printed_of, prior_of, sample_report, workbook_of  # noqa: E402  # the path comes first
from tests.rolling import files_of  # noqa: E402
from workbook_tool.excel.build import workbook_bytes  # noqa: E402
from workbook_tool.forms import editions, form  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator


def made() -> Iterator[tuple[Path, bytes]]:
    """Every generated file with its content."""
    for edition in editions():
        known = form(edition)
        yield ROOT / "templates" / f"blank-{edition}.xlsx", workbook_bytes(known)
        report = sample_report(edition, known.last_year or 2025)
        yield ROOT / "samples" / "good" / f"report-{edition}.xlsx", workbook_bytes(report)
    for language, name in (("en", "rules.md"), ("zh", "rules.zh-CN.md")):
        yield ROOT / "docs" / name, rule_page(language, ROOT / "tests" / "rules").encode()
    for path in sorted((ROOT / "tests" / "rules").glob("*.toml")):
        case = tomllib.loads(path.read_text(encoding="utf-8"))["fail"][0]
        for name, data in (files_of(case) or {}).items():
            yield ROOT / "samples" / "bad" / path.stem / name, data
        if "units" in case:
            continue
        text = printed_of(case)
        kind = "txt" if text else "xlsx"
        yield ROOT / "samples" / "bad" / f"{path.stem}.{kind}", text or workbook_of(case)
        prior = prior_of(case)
        if prior:
            yield ROOT / "samples" / "prior" / f"{path.stem}.xlsx", prior


def _content(data: bytes) -> object:
    """What a file says, whatever compressor wrote it: its members or its text; nothing if damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {member.filename: archive.read(member) for member in archive.infolist()}
    except zipfile.BadZipFile:
        return data if data.startswith(b"# ") else len(data) > 0


def main() -> int:
    """Write or check every generated file."""
    files = dict(made())
    stale = [
        path
        for path, data in files.items()
        if not path.exists() or _content(path.read_bytes()) != _content(data)
    ]
    extra = [path for path in (ROOT / "samples").glob("*/*.*") if path not in files]
    if "--check" in sys.argv:
        for path in stale + extra:
            print(f"stale: {path.relative_to(ROOT)} (run: make samples)")
        return 1 if stale + extra else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(files[path])
    for path in extra:
        path.unlink()
    print(f"{len(files)} files, {len(stale)} written, {len(extra)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
