"""Charts drawn as bars, with the number at each; told apart without colours: one year dark, one hatched."""

from __future__ import annotations

import io
import re
import warnings
from decimal import Decimal
from html import escape
from threading import Lock
from typing import TYPE_CHECKING, Any

from matplotlib import font_manager, style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from workbook_tool.errors import WorkbookToolError
from workbook_tool.renderers.charts import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from workbook_tool.renderers.charts import Chart

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "FangSong",
    "SimSun",
    "AR PL UMing CN",
    "Noto Sans CJK JP",
)
"""Fonts with simplified Chinese, the best first; the last has other forms of some characters."""

_PAGE_FONTS = "'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', sans-serif"

_METRICS = "DejaVu Sans"
"""Comes with matplotlib. Where the words of an SVG stand is reckoned with it, the same on every machine."""

_WIDTH, _MARGIN, _TITLE, _LEGEND = 340.0, 6.0, 24.0, 20.0
_BAR, _GAP, _BETWEEN = 11.0, 1.5, 8.0
"""Points."""

_SIZE, _TITLE_SIZE = 10.5, 11.5
_CHARACTER, _DIGIT = 11.0, 7.2
"""How wide a character and a digit are at most at that size, in points."""

_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#333333", "edgecolor": "#333333"},
    {"facecolor": "#ffffff", "edgecolor": "#555555", "hatch": "//////"},
)
_INK = "#111111"
_DPI = 200
_LOCK = Lock()
"""matplotlib keeps its settings in one place for all threads."""

_ROTATION = re.compile(r' transform="rotate\(-?0 [^"]*"')
_ID = re.compile(r' id="([^"]+)"')
_SIZE_OF_ROOT = re.compile(r' width="[\d.]+pt"| height="[\d.]+pt"')
_STYLE_ELEMENT = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)


def as_svg(chart: Chart) -> str:
    """The chart as an ``svg`` element to stand in a page: as wide as there is room."""
    stream = io.BytesIO()
    settings = {"svg.fonttype": "none", "svg.hashsalt": chart.title, "font.family": [_METRICS]}
    with _LOCK, style.context(["default", settings]), warnings.catch_warnings():
        # The reader's font has the characters.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = _drawn(chart)
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]
            stream, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    text = stream.getvalue().decode("utf-8")
    return _for_page(text[text.index("<svg") :], chart)


def as_png(chart: Chart) -> bytes:
    """The chart as PNG; a `WorkbookToolError` where no font with Chinese is installed."""
    stream = io.BytesIO()
    with _LOCK, style.context(["default", {"font.family": [_installed()]}]):
        canvas = FigureCanvasAgg(_drawn(chart))
        canvas.figure.set_dpi(_DPI)
        canvas.print_png(  # type: ignore[no-untyped-call]
            stream, metadata={"Software": None}
        )
    return stream.getvalue()


def _installed() -> str:
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    for font in FONTS:
        if font in known:
            return font
    message = (
        "没有安装中文字体，画不出图片；请安装其中一种"
        f" (no font with Chinese is installed for the pictures, install one of): {'、'.join(FONTS[:8])}"
    )
    raise WorkbookToolError(message)


def _drawn(chart: Chart) -> Figure:
    """The chart in points: x from the left, y from the top."""
    count = 0 if chart.is_empty else len(chart.lines)
    deep = len(chart.years) * (_BAR + _GAP) + _BETWEEN
    top = _MARGIN + _TITLE + (_LEGEND if len(chart.years) > 1 and count else 0)
    height = top + max(count * deep, 2 * _LEGEND) + _MARGIN
    figure = Figure(figsize=(_WIDTH / 72, height / 72), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, _WIDTH), ylim=(height, 0))
    axes.axis("off")
    _write(axes, _MARGIN, _MARGIN + _TITLE / 2, chart.title, fontsize=_TITLE_SIZE, fontweight="bold")
    if not count:
        _write(axes, _WIDTH / 2, top + _LEGEND, NOTHING, fontsize=_TITLE_SIZE, ha="center")
        return figure
    if len(chart.years) > 1:
        _draw_legend(axes, chart.years, top - _LEGEND / 2)
    _draw_bars(axes, chart, top + _BETWEEN / 2, deep)
    return figure


def _draw_bars(axes: Axes, chart: Chart, top: float, deep: float) -> None:
    left = _MARGIN + max(len(line.label) for line in chart.lines) * _CHARACTER + _MARGIN
    right = _MARGIN + max(len(text) for line in chart.lines for text in line.written) * _DIGIT
    room = max(_WIDTH - left - right, _MARGIN)
    longest = max(Decimal(figure or 0) for line in chart.lines for figure in line.figures)
    axes.plot(
        [left, left],
        [top - 2, top + len(chart.lines) * deep - _BETWEEN + 1],
        color=_INK,
        linewidth=0.8,
        clip_on=False,
    )
    for number, line in enumerate(chart.lines):
        start = top + number * deep
        _write(axes, left - _MARGIN, start + (deep - _BETWEEN) / 2, line.label, ha="right")
        for year, (figure, text) in enumerate(zip(line.figures, line.written, strict=True)):
            y = start + year * (_BAR + _GAP)
            share = float(Decimal(figure) / longest) if figure and figure > 0 else 0.0
            if share:
                axes.add_patch(
                    Rectangle((left, y), room * share, _BAR, linewidth=0.6, clip_on=False, **_LOOKS[year])
                )
            _write(axes, left + room * share + 3, y + _BAR / 2, text)


def _draw_legend(axes: Axes, years: Sequence[str], y: float) -> None:
    x = _MARGIN
    for year, look in zip(years, _LOOKS, strict=True):
        axes.add_patch(Rectangle((x, y - _BAR / 2), 2 * _BAR, _BAR, linewidth=0.6, clip_on=False, **look))
        _write(axes, x + 2 * _BAR + 4, y, year)
        x += 2 * _BAR + (len(year) + 1) * _CHARACTER


def _write(axes: Axes, x: float, y: float, text: str, **look: str | float) -> None:
    # A dollar sign would begin a formula.
    axes.text(x, y, text, va="center_baseline", color=_INK, parse_math=False, **{"fontsize": _SIZE, **look})  # type: ignore[arg-type]


def _for_page(svg: str, chart: Chart) -> str:
    """The element without what would touch the page around it: ids not referred to, a style element."""
    svg = _STYLE_ELEMENT.sub("", svg)
    svg = _ROTATION.sub("", svg.replace(f"'{_METRICS}'", _PAGE_FONTS))
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = _ID.sub(lambda found: found[0] if found[1] in used else "", svg)
    svg = _SIZE_OF_ROOT.sub("", svg, count=2)
    said = escape(chart.alt)
    look = "display:block;width:100%;height:auto;background:#fff"
    return svg.replace("<svg ", f'<svg role="img" aria-label="{said}" style="{look}" ', 1).strip()
