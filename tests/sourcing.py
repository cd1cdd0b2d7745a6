"""Many small sources, made fast: reports as data, some with errors, some that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.editing import sample_report
from workbook_tool.renderers.data import export_json


def report_data(number: int) -> bytes:
    """A report of an agency of its own; every seventh does not balance, every eleventh is none."""
    if number % 11 == 10:
        return b"%d: nothing to see" % number
    content = json.loads(export_json(sample_report()))
    content.pop("digest")
    content["agency"] = f"示例市第{number}办事处"
    if number % 7 == 6:
        content["cells"]["t3.received.natural"] += 1 + number
    return json.dumps(content, ensure_ascii=False).encode()


def some_sources(count: int) -> dict[str, bytes]:
    """So many sources, in two folders."""
    return {f"{'乙' if n % 2 else '甲'}/{n:04}.json": report_data(n) for n in range(count)}


def laid_out(folder: Path, sources: Mapping[str, bytes]) -> Path:
    """`folder` with `sources` in it."""
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
