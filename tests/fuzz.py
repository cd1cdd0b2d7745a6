"""Mutate workbooks and check them: ``python -m tests.fuzz --runs 5000 --seed 1``.

Bytes of the zip, bytes inside a part, and pieces of sheet XML exchanged, doubled or dropped.
Whatever comes in, `check` gives findings; an exception is printed with the seed that made it.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
import zipfile

from tests.editing import sample_report
from workbook_tool.checks import check
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.sources import read_report

SLOWEST = 5.0
_TAG = re.compile(rb"<[^<>]+>")


def mutate(data: bytes, draw: random.Random) -> bytes:
    """One mutation of a workbook."""
    ways = [_flip_bytes, _cut, _in_a_part, _in_a_part, _tags_of_a_part, _tags_of_a_part, _drop_a_part]
    return draw.choice(ways)(data, draw)


def run(seed: int, data: bytes) -> str:
    """What came of the mutation with this seed: ``pass``, ``fail`` or ``unreadable``, or the complaint."""
    mutated = mutate(data, random.Random(seed))
    start = time.perf_counter()
    try:
        reading = read_report(mutated)
        severities = {finding.severity for finding in check(reading)}
    except Exception as error:  # any exception at all is what is looked for
        return f"seed {seed}: {type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    if seconds > SLOWEST:
        return f"seed {seed}: {seconds:.1f} s"
    if reading.report is None:
        return "unreadable"
    return "fail" if "error" in severities else "pass"


def _flip_bytes(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.randrange(1, 9)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _cut(data: bytes, draw: random.Random) -> bytes:
    start, end = sorted(draw.randrange(len(data)) for _ in range(2))
    return data[:start] + data[end:] if draw.random() < 0.5 else data[:end]


def _in_a_part(data: bytes, draw: random.Random) -> bytes:
    return _change_part(data, draw, lambda content: _flip_bytes(content, draw) if content else content)


def _tags_of_a_part(data: bytes, draw: random.Random) -> bytes:
    def change(content: bytes) -> bytes:
        tags = list(_TAG.finditer(content))
        if not tags:
            return content
        for _ in range(draw.randrange(1, 5)):
            here, there = draw.choice(tags), draw.choice(tags)
            replacement = draw.choice([b"", here[0] * 2, there[0], _mangled(here[0], draw)])
            content = content.replace(here[0], replacement, draw.choice([1, 1, 1, -1]))
        return content

    return _change_part(data, draw, change)


def _mangled(tag: bytes, draw: random.Random) -> bytes:
    """A tag with one attribute value exchanged for an unlikely one."""
    odd = [
        b"",
        b"-1",
        b"99999999999",
        b"1e400",
        b"A0",
        b"XFE1",
        b"A1:",
        b"nan",
        b"\xe5\x8d\x81",
        b"../x",
        b"s",
    ]
    return re.sub(rb'"[^"]*"', b'"' + draw.choice(odd) + b'"', tag, count=1)


def _drop_a_part(data: bytes, draw: random.Random) -> bytes:
    return _rezip(data, lambda name, content, chosen: None if name == chosen else content, draw)


def _change_part(data: bytes, draw: random.Random, change) -> bytes:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return _rezip(data, lambda name, content, chosen: change(content) if name == chosen else content, draw)


def _rezip(data: bytes, change, draw: random.Random) -> bytes:  # type: ignore[no-untyped-def]  # noqa: ANN001
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = draw.choice(old.namelist())
        for name in old.namelist():
            content = change(name, old.read(name), chosen)
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def main() -> int:
    """Run a range of seeds and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    data = workbook_bytes(sample_report())
    counts: dict[str, int] = {}
    complaints = []
    for seed in range(options.seed, options.seed + options.runs):
        outcome = run(seed, data)
        if outcome.startswith("seed"):
            complaints.append(outcome)
            print(outcome)
        else:
            counts[outcome] = counts.get(outcome, 0) + 1
    print(f"{options.runs} runs from seed {options.seed}: {counts}, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
