"""Mutate workbooks and check them: ``python -m tests.fuzz --runs 5000 --seed 1``.

Bytes of the zip, bytes inside a part, and pieces of sheet XML exchanged, doubled or dropped.
Whatever comes in, ``wb-tool check`` gives findings; anything else is printed with its seed.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from tests.editing import sample_report
from workbook_tool.excel.build import workbook_bytes

SLOWEST = 20.0
"""Seconds for one file, and enough for a whole batch of ordinary ones."""

BATCH = 250
_TAG = re.compile(rb"<[^<>]+>")


def mutate(data: bytes, draw: random.Random) -> bytes:
    """One mutation of a workbook."""
    ways = [_flip_bytes, _cut, _in_a_part, _in_a_part, _tags_of_a_part, _tags_of_a_part, _drop_a_part]
    return draw.choice(ways)(data, draw)


def run(seeds: range, data: bytes, folder: Path) -> tuple[Counter[str], list[str]]:
    """What ``wb-tool check`` made of the mutations with these seeds: statuses, and complaints.

    They are checked together, as a folder. Whatever comes in, the exit code is 0 or 1, every file has
    its verdict, and none takes longer than `SLOWEST`.
    """
    for seed in seeds:
        (folder / f"{seed:06}.xlsx").write_bytes(mutate(data, random.Random(seed)))
    seconds, done = _check(folder, len(seeds))
    complaints = _complaints(f"seeds {seeds.start} to {seeds.stop - 1}", done, len(seeds))
    if complaints or seconds > SLOWEST:
        # Something is the matter; each by itself tells which.
        for path in sorted(folder.iterdir()):
            took, alone = _check(path, 1)
            complaints += _complaints(f"seed {int(path.stem)}", alone, 1)
            complaints += [f"seed {int(path.stem)}: {took:.1f} s"] if took > SLOWEST else []
    files = json.loads(done.stdout)["files"] if done.returncode in (0, 1) else []
    for path in folder.iterdir():
        path.unlink()
    return Counter(entry["status"] for entry in files), complaints


def _check(source: Path, files: int) -> tuple[float, subprocess.CompletedProcess[str]]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "workbook_tool", "check", str(source), "--format", "json"],
        capture_output=True,
        text=True,
        timeout=60 + files,
        check=False,
    )
    return time.perf_counter() - start, done


def _complaints(what: str, done: subprocess.CompletedProcess[str], files: int) -> list[str]:
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        return [f"{what}: exit code {done.returncode}: {done.stderr[-400:]}"]
    judged = len(json.loads(done.stdout)["files"])
    return [f"{what}: {judged} verdicts on {files} files"] if judged != files else []


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
    counts: Counter[str] = Counter()
    complaints: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for start in range(options.seed, options.seed + options.runs, BATCH):
            seeds = range(start, min(start + BATCH, options.seed + options.runs))
            statuses, complained = run(seeds, data, Path(folder))
            counts += statuses
            complaints += complained
            print(*complained, sep="\n", end="\n" if complained else "")
    print(f"{options.runs} runs from seed {options.seed}: {dict(counts)}, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
