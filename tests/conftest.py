"""What the tests share: the installed command, and the tools that some of them need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from tests.mailing import roster_csv

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
"""Real reports beside a checkout; tests that read them are skipped where they are missing."""


settings.register_profile("patient", deadline=None)  # a busy machine is no defect
settings.load_profile("patient")

Run = Callable[..., Any]
"""A command of one round: its words and its environment in, what became of it out."""


class WbTool(Protocol):
    """Run the command in a process of its own, as a user does."""

    def __call__(
        self, *arguments: str, folder: Path | None = None, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def wb_tool(tmp_path: Path) -> WbTool:
    """The command ``wb-tool``, run in `tmp_path` unless told otherwise."""

    def run(
        *arguments: str, folder: Path | None = None, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "workbook_tool", *arguments],
            cwd=folder or tmp_path,
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture
def place(wb_tool: WbTool, tmp_path: Path) -> Path:
    """A round of four units, its letters said to be sent by hand."""
    (tmp_path / "roster.csv").write_text(roster_csv(range(1, 5)), encoding="utf-8")
    assert wb_tool("round", "init", "r", "--year", "2025", "--roster", "roster.csv").returncode == 0
    settings = tmp_path / "r" / "round.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'from = ""', 'from = "公开办 <office@example.gov.cn>"'
    )
    settings.write_text(text.replace('signature = ""', 'signature = "公开办 电话 0000"'), encoding="utf-8")
    assert wb_tool("round", "issue", "-r", "r").returncode == 0
    assert wb_tool("round", "mark", "-r", "r", "--all").returncode == 0
    return tmp_path / "r"


@pytest.fixture
def run(wb_tool: WbTool, place: Path) -> Run:
    """A command of the round."""
    return lambda *arguments, **more: wb_tool("round", *arguments, WB_TOOL_ROUND=str(place), **more)


@pytest.fixture
def tab() -> Iterator[Any]:
    """A tab of a real browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield browser.new_page()
        browser.close()


def fits_everybody(tab: Any, page: Path, width: int) -> None:
    """Assert that a page runs no stranger's script, fits a window of `width`, and hinders nobody (axe)."""
    from axe_playwright_python.sync_playwright import Axe

    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("window.hit") is None
    results = Axe().run(tab, options={"resultTypes": ["violations"]})  # what passes is not listed one by one
    assert results.violations_count == 0, results.generate_report()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a missing tool, unless ``WB_TOOL_REQUIRE`` says that it must be there."""
    required = os.environ.get("WB_TOOL_REQUIRE", "").split(",")
    if item.get_closest_marker("office") and not _has_office():
        reason = "needs LibreOffice with its Python bridge, and pdftoppm"
        if "office" in required:
            pytest.fail(reason)
        pytest.skip(reason)
    if item.get_closest_marker("browser") and not Path("/usr/bin/chromium").exists():
        reason = "needs Chromium"
        if "browser" in required:
            pytest.fail(reason)
        pytest.skip(reason)
    if item.get_closest_marker("mail") and not (
        shutil.which("dovecot") or Path("/usr/sbin/dovecot").exists()
    ):
        reason = "needs Dovecot"
        if "mail" in required:
            pytest.fail(reason)
        pytest.skip(reason)
    if item.get_closest_marker("cluster") and (missing := _missing_for_a_cluster()):
        reason = f"needs {', '.join(missing)}"
        if "cluster" in required:
            pytest.fail(reason)
        pytest.skip(reason)
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("needs the real reports beside the checkout")


def _missing_for_a_cluster() -> list[str]:
    return [name for name in ("distributed", "moto", "pyarrow", "s3fs") if find_spec(name) is None]


def _has_office() -> bool:
    if not (shutil.which("soffice") and shutil.which("pdftoppm") and Path("/usr/bin/python3").exists()):
        return False
    probe = subprocess.run(["/usr/bin/python3", "-c", "import uno"], capture_output=True, check=False)
    return probe.returncode == 0
