"""Many sources at once: which are meant, that each has its verdict whatever the others do, and going on."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.archives import Entry, zipped
from tests.conftest import WbTool
from tests.sourcing import laid_out, report_data, some_sources
from workbook_tool import SourceError, open_report
from workbook_tool.batch import Task, each, expand, judge
from workbook_tool.batch.sharing import share
from workbook_tool.phrase import Phrase

ROOT = Path(__file__).parent.parent
MIB = 2**20
GOOD = report_data(0)


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return stream.getvalue()


def zip_of(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def verdicts(*sources: str) -> list[tuple[str, str]]:
    return [(one.verdict.file, one.verdict.status) for one in judge(expand(sources))]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "packed",
    [
        zip_of,
        tarred,
        partial(tarred, mode="w:gz"),
        partial(tarred, mode="w:bz2"),
        partial(tarred, mode="w:xz"),
    ],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_an_archive_is_the_files_in_it(here: Path, packed: Callable[[dict[str, bytes]], bytes]) -> None:
    sources = some_sources(40)
    (here / "packed").write_bytes(packed(sources))
    laid_out(here / "loose", sources)

    found = verdicts("packed")

    assert [name for name, _ in found] == [f"packed/{name}" for name in sources]
    assert sorted(found) == sorted(
        (file.replace("loose", "packed"), fate) for file, fate in verdicts("loose")
    )
    report = open_report("packed/甲/0000.json").report
    assert report is not None
    assert report.agency == "示例市第0办事处"


def test_an_archive_in_a_folder_is_opened_and_one_in_an_archive_is_not(here: Path) -> None:
    inner = zip_of({"a.json": GOOD})
    laid_out(
        here / "in", {"b.zip": zip_of({"c.zip": inner, "d.tgz": tarred({"a": GOOD}, "w:gz"), "e": GOOD})}
    )

    assert verdicts("in") == [
        ("in/b.zip/c.zip", "unreadable"),
        ("in/b.zip/d.tgz", "unreadable"),
        ("in/b.zip/e", "pass"),
    ]
    for name in ("c.zip", "d.tgz"):
        (finding,) = open_report(f"in/b.zip/{name}").findings
        assert (finding.rule, finding.case) == ("W-01", "archive")


@pytest.mark.parametrize("source", ["a.zip", "in", "a.zip/b.json", "in/../link.zip"])
def test_an_archive_that_is_read_is_never_overwritten(wb_tool: WbTool, here: Path, source: str) -> None:
    data = zip_of({"b.json": GOOD})
    laid_out(here, {"a.zip": data, "in/deep/a.zip": data})
    (here / "link.zip").symlink_to("a.zip")
    output = "in/deep/a.zip" if source == "in" else "a.zip"

    for words in (("-o", output), ("-o", output, "--resume"), ("-o", "link.zip")):
        done = wb_tool("check", source, "a.zip", "--format", "jsonl", "--force", *words)

        assert done.returncode == 2, words
        assert "不会覆盖" in done.stderr
        assert (here / output).read_bytes() == (here / "a.zip").read_bytes() == data


def test_names_in_archives_lead_nowhere_else(here: Path) -> None:
    names = ["../../etc/passwd", "/abs.json", "C:\\w\\x.json", "a/./b.json", "表\n.json", "same", "same"]
    (here / "a.zip").write_bytes(zipped(*(Entry(name.encode("gb18030"), GOOD) for name in names)))
    (here / "a.tar").write_bytes(tarred(dict.fromkeys(names, GOOD)))

    wanted = ["etc/passwd", "abs.json", "w/x.json", "a/b.json", "表_.json", "same"]
    assert expand(["a.zip"]) == [f"a.zip/{name}" for name in [*wanted, "same (2)"]]
    assert expand(["a.tar"]) == [f"a.tar/{name}" for name in wanted]
    assert {status for _, status in verdicts("a.zip", "a.tar")} == {"pass"}


def test_names_in_archives_that_no_system_takes_are_cut(wb_tool: WbTool, here: Path) -> None:
    deep = "/".join(["d" * 100] * 60) + "/a.json"
    names = ["表" * 3000 + ".json", deep, "d/" + deep]
    (here / "a.tar").write_bytes(tarred(dict.fromkeys(names, GOOD)))
    (here / "b.zip").write_bytes(zip_of(dict.fromkeys(names, GOOD)))

    done = wb_tool("check", "a.tar", "b.zip", "--format", "json", "--annotate", "marked")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"] == {"pass": 6, "warn": 0, "fail": 0, "unreadable": 0}
    assert len(list((here / "marked").iterdir())) == 6


def test_a_file_that_is_in_a_tar_under_several_names_is_read_under_each(here: Path) -> None:
    laid_out(here, {"in/a.json": GOOD, "in/b.json": report_data(1)})
    os.link("in/a.json", "in/c.json")
    (here / "in/d.json").symlink_to("a.json")
    with tarfile.open("x.tar.gz", "w:gz") as archive:
        archive.add("in", filter=lambda header: header)
        outside = tarfile.TarInfo("out.json")
        outside.type, outside.linkname = tarfile.LNKTYPE, "../../etc/passwd"
        archive.addfile(outside)

    found = verdicts("x.tar.gz")

    assert sorted(found) == [(f"x.tar.gz/in/{name}.json", "pass") for name in "abc"]
    assert open_report("x.tar.gz/in/c.json").report == open_report("x.tar.gz/in/a.json").report


def test_what_nobody_sent_in_is_passed_over_in_archives_as_in_folders(here: Path) -> None:
    files = {"~$a.xlsx": b"", "__MACOSX/._a": b"", ".hidden/a": GOOD, "Thumbs.db": b"x", "a": GOOD}
    (here / "a.zip").write_bytes(zip_of(files))

    assert expand(["a.zip"]) == ["a.zip/a"]


@pytest.mark.parametrize(
    ("entry", "case"),
    [
        (Entry(b"x", GOOD, flags=0x1), "encrypted"),
        (Entry(b"x", bytes(10 * MIB)), "unsafe"),
        (Entry(b"x", GOOD, checksum=1), "truncated"),
        (Entry(b"x", GOOD, method=9), "archive"),
    ],
)
def test_a_bad_member_is_a_finding_and_the_others_are_read(here: Path, entry: Entry, case: str) -> None:
    (here / "a.zip").write_bytes(zipped(entry, Entry(b"good", GOOD)))

    assert verdicts("a.zip") == [("a.zip/x", "unreadable"), ("a.zip/good", "pass")]
    assert open_report("a.zip/x").findings[0].case == case


def _extended_header(size: int) -> bytes:
    header = tarfile.TarInfo("x")
    header.type = tarfile.XHDTYPE
    header.size = size
    return header.tobuf() + bytes(MIB)


def _zeros_in_tar(members: int) -> bytes:
    return tarred({str(n): bytes(50 * MIB) for n in range(members)}, "w:gz")


@pytest.mark.parametrize("inner", ["good.xlsx", "good.zip"])
def test_an_archive_that_was_cut_off_is_not_read_as_what_is_whole_in_it(here: Path, inner: str) -> None:
    workbook = (ROOT / "samples/good/report-2021.xlsx").read_bytes()
    files = {"good.xlsx": workbook, "good.zip": zip_of({"a.json": GOOD})}
    whole = zipped(Entry(inner.encode(), files[inner], method=0), Entry(b"b.xlsx", workbook, method=0))
    (here / "a.zip").write_bytes(whole[: len(files[inner]) + 200])

    assert verdicts("a.zip") == [("a.zip", "unreadable")]
    assert open_report("a.zip").findings[0].case == "truncated"


@pytest.mark.parametrize(
    ("hostile", "case"),
    [
        (lambda: _extended_header(8 * 2**30), "truncated"),
        (lambda: _zeros_in_tar(10), "unsafe"),
        (lambda: tarred({"a": GOOD})[:700], "truncated"),
        (lambda: zip_of({"a": GOOD})[:-10], "truncated"),
        (lambda: tarred({"a": GOOD}, "w:gz")[:12] + b"\xff" * 600, "archive"),
        (lambda: tarred({"a": GOOD}, "w:xz")[:40] + b"\xff" * 600, "archive"),
        (lambda: tarred({"a": GOOD}, "w:bz2")[:20] + b"\xff" * 600, "archive"),
    ],
    ids=["header of 8 GiB", "half a GiB of nothing", "cut tar", "cut zip", "bad gzip", "bad xz", "bad bzip2"],
)
def test_an_archive_that_cannot_be_opened_is_one_finding(
    here: Path, hostile: Callable[[], bytes], case: str
) -> None:
    (here / "a").write_bytes(hostile())
    tracemalloc.start()

    found = verdicts("a")

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [("a", "unreadable")]
    assert open_report("a").findings[0].case == case
    assert peak < 100 * MIB


def test_patterns_and_lists_name_sources(here: Path) -> None:
    laid_out(here, {"x/2024/a.json": GOOD, "x/2025/b.json": GOOD, "x/2025/~$b.json": b"", "[c].json": GOOD})
    (here / "list.txt").write_text("# 注\nx/2025\n\n[c].json\nx/2025/b.json\n", encoding="gb18030")

    assert expand(["x/**/*.json"]) == ["x/2024/a.json", "x/2025/b.json"]
    assert expand(["@list.txt"]) == ["x/2025/b.json", "[c].json"]


def test_a_list_may_come_from_another_program(wb_tool: WbTool, tmp_path: Path) -> None:
    laid_out(tmp_path, {"a.json": GOOD, "b.json": GOOD})

    done = wb_tool("check", "@-", "--lang", "en", stdin=b"b.json\na.json\n")

    assert re.findall(r"^\w\.json", done.stdout, re.MULTILINE) == ["b.json", "a.json"]
    assert wb_tool("check", "@-", stdin=b"none.json\n").returncode == 2
    assert wb_tool("check", "none/*.json").returncode == 2
    assert wb_tool("check", "@none").returncode == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"@other", "清单里不能再写清单"),
        (b"@list", "清单里不能再写清单"),
        (b" - ", "清单里不能再写清单"),
        (b"a\0b.json", "清单不是文本"),
        (b"x" * 300, "文件名太长"),
        (b"x" * 9000, "文件名太长"),
    ],
)
def test_what_a_list_may_not_name_is_said(wb_tool: WbTool, tmp_path: Path, line: bytes, said: str) -> None:
    laid_out(tmp_path, {"a.json": GOOD, "other": b"a.json", "list": b"a.json\n" + line})

    done = wb_tool("check", "@list")

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr) < 10_000
    assert "清单应是文件" in wb_tool("check", "@.").stderr


def test_a_command_for_one_report_takes_it_from_an_archive_of_one(wb_tool: WbTool, tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_bytes(zip_of({"a.json": GOOD}))
    (tmp_path / "two.zip").write_bytes(zip_of({"a.json": GOOD, "b.json": GOOD}))

    assert "示例市第0办事处" in wb_tool("report", "one.zip").stdout
    assert "示例市第0办事处" in wb_tool("report", "two.zip/a.json").stdout
    assert wb_tool("report", "two.zip").returncode == 1


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "many", some_sources(60))


RESUMED = ("check", "many", "--format", "jsonl", "-o", "r.jsonl", "--resume", "--lang", "en")


def test_a_line_is_the_entry_of_its_file(wb_tool: WbTool, many: Path, tmp_path: Path) -> None:
    whole = json.loads(wb_tool("check", "many", "--format", "json").stdout)
    done = wb_tool("check", "many", "--format", "jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 1
    assert [line.pop("stamp") != "" for line in lines] == [True] * 60
    assert len({line.pop("run") for line in lines}) == 1
    assert lines == whole["files"]
    assert whole["summary"] == {"pass": 47, "warn": 0, "fail": 8, "unreadable": 5}


def test_what_is_done_and_unchanged_is_not_done_again(wb_tool: WbTool, many: Path, tmp_path: Path) -> None:
    first = wb_tool(*RESUMED)
    before = (tmp_path / "r.jsonl").read_bytes()
    kept, changed = many / "甲/0000.json", many / "甲/0002.json"
    status = kept.stat()
    kept.write_bytes(kept.read_bytes().replace("第0办".encode(), "第9办".encode()))
    os.utime(kept, ns=(status.st_atime_ns, status.st_mtime_ns))
    changed.write_bytes(report_data(6))

    again = wb_tool(*RESUMED)

    assert first.returncode == again.returncode == 1
    assert "done before: 54/60" in again.stderr
    lines = {line["file"]: line for line in lines_of(tmp_path / "r.jsonl")}
    assert lines["many/甲/0000.json"]["agency"] == "示例市第0办事处"
    assert lines["many/甲/0002.json"]["status"] == "fail"
    assert [json.loads(line)["file"] for line in before.splitlines()] == list(lines)
    assert not (tmp_path / "r.jsonl.part").exists()


@pytest.mark.parametrize("cut", [0, 1, 700, 3000, 10**6])
def test_a_run_that_was_cut_off_is_gone_on_with(
    wb_tool: WbTool, many: Path, tmp_path: Path, cut: int
) -> None:
    wb_tool(*RESUMED)
    whole = (tmp_path / "r.jsonl").read_bytes()
    (tmp_path / "r.jsonl").unlink()
    (tmp_path / "r.jsonl.part").write_bytes(whole[:cut])

    wb_tool(*RESUMED)

    assert (tmp_path / "r.jsonl").read_bytes() == whole


ODD = (
    b"[" * 100_000,
    b"null",
    b'{"file": "many/\xe7\x94\xb2/0000.json"}',
    b'{"file": [], "status": "pass", "stamp": {}, "run": 1}',
)


def test_lines_that_are_no_results_are_done_without(wb_tool: WbTool, many: Path, tmp_path: Path) -> None:
    wb_tool(*RESUMED)
    whole = (tmp_path / "r.jsonl").read_bytes()
    strange = whole.replace(b'"status": "pass"', b'"status": "fine"').replace(
        b'"status": "fail"', b'"status": ["fail"]'
    )
    lines = [whole.splitlines()[0], *ODD, *strange.splitlines()]
    (tmp_path / "r.jsonl").write_bytes(b"\n".join(lines) + b"\n")

    done = wb_tool(*RESUMED)

    assert "done before: 1/60" in done.stderr
    assert (tmp_path / "r.jsonl").read_bytes() == whole


@pytest.mark.parametrize("content", ["单位名称,单位代码\n", '{"a": 1}\n', "\x00" * 100])
def test_another_file_is_not_gone_on_with(wb_tool: WbTool, many: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "r.jsonl").write_text(content, encoding="utf-8")

    done = wb_tool(*RESUMED)

    assert done.returncode == 2
    assert "不是以前的审核结果" in done.stderr
    assert (tmp_path / "r.jsonl").read_text(encoding="utf-8") == content


def test_what_changes_results_makes_all_new(wb_tool: WbTool, many: Path, tmp_path: Path) -> None:
    wb_tool(*RESUMED)
    (tmp_path / "limits.toml").write_text('["N-12"]\nmost = 10\n', encoding="utf-8")

    done = wb_tool(*RESUMED, "--profile", "limits.toml")

    assert "done before" not in done.stderr
    assert "done before" not in wb_tool(*RESUMED, "--matched").stderr
    assert "done before: 55/60" in wb_tool(*RESUMED, "--matched").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--resume",),
        ("--format", "jsonl", "--resume"),
        ("--format", "json", "-o", "x", "--resume"),
        ("--format", "jsonl", "-o", "x", "--resume", "--annotate", "y"),
        ("--engine", "magic"),
        ("--engine", "dask://"),
        ("--engine", "spark://127.0.0.1:1"),
        ("--engine", "dask://127.0.0.1:1", "--annotate", "y"),
    ],
)
def test_what_cannot_be_done_is_said_before(
    wb_tool: WbTool, many: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert wb_tool("check", "many", *arguments).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many"]


def test_progress_is_told_where_it_is_asked_for(wb_tool: WbTool, many: Path) -> None:
    assert "60/60" in wb_tool("check", "many", "--progress").stderr
    assert wb_tool("check", "many").stderr == ""


def _started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The command, in a session of its own, with some lines written."""
    # Where the tests run in the background, Ctrl-C is ignored, and a program inherits that.
    command = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command += "runpy.run_module('workbook_tool', run_name='__main__', alter_sys=True)"
    running = subprocess.Popen(
        [sys.executable, "-c", command, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    part = folder / "r.jsonl.part"
    while running.poll() is None and not (part.exists() and part.stat().st_size > 5000):
        time.sleep(0.02)
    assert running.poll() is None, "it was over too soon"
    return running


def _all_gone(group: int) -> bool:
    for _ in range(500):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def very_many(many: Path) -> Path:
    for path in sorted(many.rglob("*.json")):
        for copy in range(12):
            os.link(path, path.with_name(f"{path.stem}-{copy}.json"))
    return many


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_ended_leaves_no_process_and_nothing_half(
    wb_tool: WbTool, very_many: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    running = _started(tmp_path, *RESUMED)

    if sign is signal.SIGINT:  # a terminal sends it to all
        os.killpg(running.pid, sign)
    else:
        running.send_signal(sign)
    _, said = running.communicate(timeout=60)

    assert running.returncode == (130 if sign is signal.SIGINT else -sign)
    assert b"Traceback" not in said
    assert _all_gone(running.pid)
    assert not (tmp_path / "r.jsonl").exists()
    assert "done before" in wb_tool(*RESUMED).stderr
    ended = (tmp_path / "r.jsonl").read_bytes()
    (tmp_path / "r.jsonl").unlink()
    wb_tool(*RESUMED)
    assert (tmp_path / "r.jsonl").read_bytes() == ended


def poisoned(source: str) -> str:
    """The work of a test: some sources raise, some end their process."""
    if "raise" in source:
        raise ValueError(source)
    if "die" in source:
        os.kill(os.getpid(), signal.SIGKILL)
    return source.upper()


def what_was_lost(source: str, problem: Phrase) -> str:
    return f"{source}: {problem.en}"


@pytest.mark.parametrize("bad", [{7}, {0, 1, 2}, {30, 61, 99}, set(range(0, 100, 9))])
def test_a_poisoned_source_costs_itself_alone(bad: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    sources = [f"{'die' if n in bad else 'well'}-{n}" for n in range(100)]
    sources[50] = "raise-50"

    found = list(each(poisoned, sources, what_was_lost))

    for number, (source, result) in enumerate(zip(sources, found, strict=True)):
        if number == 50:
            assert result.startswith("raise-50: ValueError: raise-50 (test_batch.py:")
        elif number in bad:
            assert result == f"{source}: the process died (-9)"
        else:
            assert result == source.upper()


def refused(source: str) -> str:
    raise SourceError("unknown")


def test_what_concerns_the_command_ends_it() -> None:
    with pytest.raises(SourceError):
        list(each(refused, [str(n) for n in range(100)], what_was_lost))


def heavy(source: str) -> bytes:
    return source.encode() * 5_000


def test_results_are_not_piled_up() -> None:
    sources = [f"{n:05}" for n in range(10_000)]
    tracemalloc.start()

    count = sum(1 for _ in each(heavy, sources, lambda *_: b""))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == len(sources)
    assert peak < 30 * MIB, "all of them are 240 MiB"


def very_heavy(source: int) -> bytes:
    return bytes(32 * MIB)


def nothing(source: object, problem: Phrase) -> bytes:
    return b""


def test_a_run_that_is_given_up_does_not_wait_for_what_workers_were_sending() -> None:
    for _ in range(3):
        running = share(Task(very_heavy, nothing), range(8), chunk=1)
        next(running)
        running.close()  # type: ignore[attr-defined]  # it is a generator


def test_a_file_that_is_gone_meanwhile_is_a_finding(tmp_path: Path) -> None:
    files = [str(path) for path in laid_out(tmp_path, some_sources(40)).rglob("*.json")]
    Path(files[20]).unlink()

    found = [one.verdict for one in judge(files)]

    assert (found[20].status, found[20].findings[0].case) == ("unreadable", "died")
    assert len(found) == 40
