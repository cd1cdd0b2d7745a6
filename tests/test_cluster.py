"""Beyond one machine: a cluster's results are the local ones, whatever becomes of its workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pytest

from tests.clusters import BUCKET, ROOT, Cluster, cluster_in, storage
from tests.conftest import Run, WbTool
from tests.sourcing import laid_out, some_sources

pytestmark = pytest.mark.cluster
S3 = f"s3://{BUCKET}"


@pytest.fixture(scope="module")
def there() -> Iterator[dict[str, str]]:
    """The environment that leads to the object storage; the sources are in it."""
    with storage() as environment:
        yield environment


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, there: dict[str, str]) -> Iterator[Cluster]:
    with cluster_in(tmp_path_factory.mktemp("cluster"), **there) as cluster:
        yield cluster


@pytest.fixture
def reaching(wb_tool: WbTool, there: dict[str, str]) -> Run:
    """The command, where it reaches the object storage."""
    return partial(wb_tool, **there)  # type: ignore[arg-type]  # names of variables, no others


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Sources of which every worker has some to do."""
    folder = laid_out(tmp_path / "many", some_sources(60))
    for path in sorted(folder.rglob("*.json")):
        for copy in range(20):
            os.link(path, path.with_name(f"{path.stem}-{copy}.json"))
    return folder


def _put(folder: Path, address: str, environment: dict[str, str]) -> None:
    putting = "import sys, fsspec; fsspec.filesystem('s3').put(sys.argv[1], sys.argv[2], recursive=True)"
    words = [sys.executable, "-c", putting, f"{folder}/", address]
    subprocess.run(words, check=True, env={**os.environ, **environment})


def test_the_results_are_those_of_one_machine(wb_tool: WbTool, cluster: Cluster, many: Path) -> None:
    ours = wb_tool("check", str(many), "--format", "jsonl")
    theirs = wb_tool("check", str(many), "--format", "jsonl", "--engine", cluster.engine)

    assert theirs.returncode == ours.returncode == 1
    assert len(ours.stdout.splitlines()) == 1260
    assert theirs.stdout == ours.stdout
    page = wb_tool("compare", str(many), "--engine", cluster.engine)
    assert page.stdout == wb_tool("compare", str(many)).stdout
    assert "第" in page.stdout


@contextmanager
def _in_the_middle(words: tuple[str, ...], engine: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command with some of its results in ``r.jsonl.part`` already, or at its end."""
    part = folder / "r.jsonl.part"
    with subprocess.Popen(
        [sys.executable, "-m", "workbook_tool", *words, "-o", "r.jsonl", "--engine", engine],
        cwd=folder,
        stderr=subprocess.PIPE,
    ) as running:
        while running.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.02)
        yield running


def test_a_worker_that_dies_changes_nothing(
    wb_tool: WbTool, cluster: Cluster, many: Path, tmp_path: Path
) -> None:
    words = ("check", str(many), "--format", "jsonl")
    victim, *others = cluster.workers()
    with _in_the_middle(words, cluster.engine, tmp_path) as running:
        os.kill(victim, signal.SIGKILL)
        is_in_the_middle = running.poll() is None
        _, said = running.communicate(timeout=300)

    assert is_in_the_middle
    assert running.returncode == 1, said
    assert (tmp_path / "r.jsonl").read_text(encoding="utf-8") == wb_tool(*words).stdout
    assert others
    assert victim not in cluster.workers()


def test_a_cluster_that_goes_away_is_said(wb_tool: WbTool, many: Path, tmp_path: Path) -> None:
    words = ("check", str(many), "--format", "jsonl")
    (tmp_path / "own").mkdir()
    with cluster_in(tmp_path / "own") as own:
        scheduler = own.scheduler()
        with _in_the_middle(words, own.engine, tmp_path) as running:
            os.kill(scheduler, signal.SIGKILL)
            _, said = running.communicate(timeout=300)

    assert running.returncode == 2
    assert said.decode().splitlines() == ["wb-tool: 与集群失去联系 (the cluster is gone)"]
    wb_tool(*words, "-o", "r.jsonl", "--resume")
    assert (tmp_path / "r.jsonl").read_text(encoding="utf-8") == wb_tool(*words).stdout


def test_a_poisoned_source_costs_itself_alone(cluster: Cluster) -> None:
    program = f"""
import json
from tests.test_batch import poisoned, what_was_lost
from workbook_tool.batch import each

bad = {{5, 40}}
sources = [f"{{'die' if n in bad else 'well'}}-{{n}}" for n in range(64)]
print(json.dumps(list(each(poisoned, sources, what_was_lost, {cluster.engine!r}))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    for number, result in enumerate(found):
        died = f"die-{number}: the process died (-9)"
        assert result == (died if number in (5, 40) else f"WELL-{number}")


def test_sources_are_read_from_object_storage(
    wb_tool: WbTool, reaching: Run, there: dict[str, str], tmp_path: Path
) -> None:
    folder = laid_out(tmp_path / "in", some_sources(40))
    _put(folder, f"{S3}/2025", there)
    ours = wb_tool("check", "in", "--format", "json").stdout
    address = f"{S3}/2025"

    assert reaching("check", address, "--format", "json").stdout == ours.replace("in/", f"{address}/")
    one = reaching("report", f"{address}/甲/0000.json")
    assert "示例市第0办事处" in one.stdout
    some = reaching("check", f"{address}/甲/000*.json", "--format", "json")
    assert len(json.loads(some.stdout)["files"]) == 5
    assert reaching("check", f"{S3}/nothing").returncode == 2
    assert reaching("check", "s3://no-such-bucket/x.xlsx").returncode == 2


def test_results_are_written_to_object_storage(
    wb_tool: WbTool, reaching: Run, there: dict[str, str], tmp_path: Path
) -> None:
    laid_out(tmp_path / "in", some_sources(40))
    words = ("check", "in", "--format", "jsonl")
    result = f"{S3}/results/r.jsonl"

    assert reaching(*words, "-o", result).returncode == 1
    assert reaching(*words, "-o", result).returncode == 2
    assert reaching(*words, "-o", result, "--force").returncode == 1
    reading = "import sys, fsspec; sys.stdout.buffer.write(fsspec.filesystem('s3').cat(sys.argv[1]))"
    content = subprocess.check_output(
        [sys.executable, "-c", reading, result], env={**os.environ, **there}
    ).decode()
    assert content == wb_tool(*words).stdout


def test_the_workers_write_the_data_set(
    reaching: Run, cluster: Cluster, there: dict[str, str], tmp_path: Path
) -> None:
    laid_out(tmp_path / "in", some_sources(40))
    folder = laid_out(tmp_path / "up", some_sources(600))
    _put(folder, f"{S3}/all", there)
    ours, theirs = tmp_path / "ours", f"{S3}/set"
    words = ("export", f"{S3}/all")

    assert reaching(*words, "--to", ours.as_uri()).returncode == 1
    done = reaching(*words, "--to", theirs, "--engine", cluster.engine)
    assert done.returncode == 1, done.stderr
    assert reaching(*words, "--to", theirs).returncode == 2

    getting = "import sys, fsspec; fsspec.filesystem('s3').get(sys.argv[1], sys.argv[2], recursive=True)"
    got = tmp_path / "got"
    subprocess.run([sys.executable, "-c", getting, theirs, str(got)], check=True, env={**os.environ, **there})
    written = {path.relative_to(got): path.read_bytes() for path in got.rglob("*") if path.is_file()}
    assert written == {
        path.relative_to(ours): path.read_bytes() for path in ours.rglob("*") if path.is_file()
    }
    assert len(written) == 4 * 3 + 1
    rows = duckdb.read_parquet(str(got / "reports" / "*.parquet")).project("source").fetchall()
    assert len(rows) == len(set(rows)) == 600


def test_a_cluster_that_is_not_there_is_said(wb_tool: WbTool, many: Path) -> None:
    done = wb_tool("check", str(many), "--engine", "dask://127.0.0.1:1")

    assert done.returncode == 2
    assert "dask://127.0.0.1:1" in done.stderr
