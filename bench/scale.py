"""Time and memory of many workbooks: check and roll-up of 1,000, of 10,000 and, if asked, of 100,000.

``python bench/scale.py [--counts 1000,10000,100000] [--folder /tmp/scale] [--links N] [--verify]``: writes
workbooks of different units with different figures and texts (about 35 kB each; they stay in the folder for
the next run), runs the commands on them, and prints a table. With ``--links`` each file has so many names,
and only check runs. With ``--verify`` openpyxl adds the workbooks up as well, and every sum must be the same.
The figures of the day go into bench/README.md; run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbook_tool.excel.build import workbook_bytes  # noqa: E402  # the path comes first
from workbook_tool.narrative.draft import draft  # noqa: E402
from workbook_tool.report import Report, with_totals  # noqa: E402
from workbook_tool.sources import open_report  # noqa: E402

_NAME, _CODE = "示例市第九九九九九九九号办事处", "W9999999"
_REQUESTS = "依申请公开方面"
_ITEMS = "189条"
"""In the sample's prose."""

_VARIANTS = 40
_PAUSE = 0.1
_KIB = 1024


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="1000,10000")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "wb-scale")
    parser.add_argument("--links", type=int, default=1)
    parser.add_argument("--verify", action="store_true")
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}", flush=True)
    print("| workbooks | command | seconds | a second | largest process | all processes |")
    print("|---|---|---|---|---|---|")
    for count in map(int, given.counts.split(",")):
        folder = _made(given.folder, count, given.links)
        with tempfile.TemporaryDirectory() as place:
            commands = [("check", str(folder), "--format", "jsonl", "-o", f"{place}/r.jsonl")]
            if given.links == 1:
                commands.append(
                    ("rollup", str(folder), "-o", f"{place}/r.xlsx", "--agency", "示例市人民政府")
                )
            for words in commands:
                _measure(count, words)
            if given.verify and given.links == 1:
                _verify(folder, Path(place, "r.xlsx"))


def _verify(folder: Path, rolled_up: Path) -> None:
    """Compare every figure of the roll-up's tables with the sum that openpyxl finds in the workbooks."""
    sums: Counter[str] = Counter()
    files = sorted(folder.iterdir())
    with ProcessPoolExecutor() as pool:
        for figures in pool.map(_figures, files, chunksize=64):
            sums.update(figures)
    told = _figures(rolled_up)
    wrong = {name: (told.get(name), figure) for name, figure in sums.items() if told.get(name) != figure}
    if wrong or not sums:
        sys.exit(f"the sums differ: {wrong}")
    print(f"{len(sums)} sums over {len(files):,} workbooks are what openpyxl adds up", flush=True)


def _figures(path: Path) -> dict[str, int]:
    """What openpyxl finds in the cells that our names of figures lead to."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    found = {}
    for name, defined in book.defined_names.items():
        if re.match(r"t[234]__", name):
            ((title, address),) = defined.destinations
            found[name] = book[title][address.replace("$", "")].value or 0
    return found


def _measure(count: int, words: tuple[str, ...]) -> None:
    """Run one command, and print its row: peaks are of resident memory, in MiB."""
    start = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-m", "workbook_tool", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    peaks: dict[int, int] = {}
    while running.poll() is None:
        peaks |= {pid: peak for pid in _family(running.pid) if (peak := _peak(pid))}
        time.sleep(_PAUSE)
    seconds = time.perf_counter() - start
    _, said = running.communicate()
    if running.returncode != 0:  # all that was written is without fault
        sys.exit(said.decode() or "something is wrong with the workbooks")
    sizes = sorted((peak // _KIB for peak in peaks.values()), reverse=True)
    print(
        f"| {count:,} | {words[0]} | {seconds:.1f} | {count / seconds:.0f} | {sizes[0]} MiB "
        f"| {', '.join(map(str, sizes))} |",
        flush=True,
    )


def _family(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _peak(pid: int) -> int:
    """The most resident memory that a process had so far, in KiB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _made(folder: Path, count: int, links: int) -> Path:
    """A folder with `count` workbooks, each under so many names; made if it is not there."""
    place = folder / f"{count}x{links}"
    if (folder / f"{place.name}.made").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(partial(_write, place, links), range(-(-count // links)), chunksize=64):
            pass
    (folder / f"{place.name}.made").touch()
    return place


def _write(folder: Path, links: int, number: int) -> None:
    """Write the workbook of one unit, under so many names."""
    path = folder / f"0-{number:07}.xlsx"
    path.write_bytes(workbook_of(number))
    for link in range(1, links):
        os.link(path, folder / f"{link}-{number:07}.xlsx")  # far from its other names


def workbook_of(number: int) -> bytes:
    """The filled workbook of one unit among many: a variant's, its name, its code and a count its own."""
    its_own = {
        _NAME: f"示例市第{_in_chinese(number)}号办事处",
        _CODE: f"W{number:07}",
        _ITEMS: f"{200 + number}条",  # no two units write the same
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in _variant(number % _VARIANTS).items():
            for general, own in its_own.items():
                content = content.replace(general.encode(), own.encode())  # noqa: PLW2901  # step by step
            archive.writestr(part, content)
    return stream.getvalue()


def _in_chinese(number: int) -> str:
    return f"{number:07}".translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


@cache
def _variant(number: int) -> dict[str, bytes]:
    """The parts of a workbook that balances, with figures and a text of its own."""
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(_report(number)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _report(number: int) -> Report:
    """A report that balances: the sample's figures anew, and its prose.

    What that says of the requests is what `draft` makes of them, the grounds of refusals left out: about
    as many words and figures as in what offices publish.
    """
    draw = random.Random(number)
    sample = open_report(ROOT / "samples" / "report.txt").report
    if sample is None:
        sys.exit("the sample report is missing")
    cells, sums = sample.form.cells, sample.form.sums
    values = {
        cell: 0
        if ".carried_in." in cell.id or ".fee_unpaid." in cell.id
        else draw.choice((0, 0, 0, draw.randrange(1, 40)))
        for cell in cells.values()
    } | {cells["t2.fees.amount"]: 0}
    for kind in ("government_rules", "normative_documents"):
        values[cells[f"t2.{kind}.in_force"]] = 0 if kind == "government_rules" else 40
        if kind == "government_rules":
            values |= {cells[f"t2.{kind}.{part}"]: 0 for part in ("issued", "repealed")}
    values = with_totals(sample.form, values, sums)
    for received in [cell for cell in cells.values() if cell.id.startswith("t3.received.")]:
        column = received.id.removeprefix("t3.received.")
        closed, carried = (values[cells[f"t3.{row}.{column}"]] for row in ("outcome.total", "carried_out"))
        values[received] = int(closed or 0) + int(carried or 0)
    blank = replace(
        sample,
        agency=_NAME,
        values=values,
        narratives={**sample.narratives, "s1": ""},
        opening=sample.opening.replace(sample.agency, _NAME),
        cover={**sample.cover, "agency_code": _CODE},
        paragraphs={},
    )
    drafted = [paragraph.text for paragraph in draft(blank) if paragraph.text.startswith(_REQUESTS)]
    brief = [f"{said}。" for said in "".join(drafted).split("。") if said and "件中" not in said]
    paragraphs = (
        "".join(brief) if paragraph.startswith(_REQUESTS) else paragraph
        for paragraph in sample.narratives["s1"].split("\n")
    )
    return replace(blank, narratives={**sample.narratives, "s1": "\n".join(paragraphs)})


if __name__ == "__main__":
    main()
