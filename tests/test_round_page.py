"""The board as a page: whole in one file, escaped, readable at any width, and for everybody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WbTool, fits_everybody
from tests.mailing import lively_round

HOSTILE = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'> {{ 7 * 7 }}"


@pytest.fixture
def page(wb_tool: WbTool, tmp_path: Path) -> Path:
    """The page of a round in which most statuses occur."""
    lively_round(tmp_path, wb_tool, HOSTILE)
    done = wb_tool("round", "status", "-r", "r", "--format", "html", "-o", "board.html", "--on", "2026-02-04")
    assert done.returncode == 0, done.stderr
    return tmp_path / "board.html"


def test_it_needs_nothing_from_elsewhere_and_escapes_everything(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert not re.search(r"(?:src|href)=(?![\"']?#)|@import|url\(", text.replace("img src=x", ""))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert "共 30 个单位：退回修改 3，通过 7，已接受 8，逾期 9，待人工 3" in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_it_fits_and_is_accessible(page: Path, tab: Any, width: int) -> None:
    fits_everybody(tab, page, width)


@pytest.mark.browser
def test_the_chart_shows_the_shares(page: Path, tab: Any) -> None:
    tab.goto(page.as_uri())

    shares = tab.evaluate("[...document.querySelectorAll('svg rect')].map(r => +r.getAttribute('width'))")
    assert [round(share) for share in shares] == [96, 224, 256, 288, 96]
    assert tab.evaluate("document.querySelectorAll('svg polyline').length") == 1
