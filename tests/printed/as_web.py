"""Notations of web pages."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tests.printed.page import Paragraph
from tests.web_pages import government_page, word_cell

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.printed.page import Printed, Sheet, Slot

    Cell = Callable[[str], str]


def as_clean_page(page: Printed, random: Random) -> bytes:
    """A page such as we would write it."""
    parts = ["<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>年报</title></head><body><main>"]
    parts.append(_with_neighbour(page, lambda one: _article(one, _semantic)))
    return "".join([*parts, "</main></body></html>"]).encode()


def as_word_page(page: Printed, random: Random) -> bytes:
    """Tables pasted from a word processor, in an encoding that the page does not declare, or wrongly."""
    charset = random.choice(
        ["", '<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="gb2312">']
    )
    content = _with_neighbour(page, lambda one: _article(one, lambda sheet: _table(sheet, word_cell)))
    text = f"<html><head>{charset}<style>p.MsoNormal{{margin:0}}</style></head><body>{content}</body></html>"
    return text.encode(random.choice(["gb18030", "utf-8"]))


def as_government_page(page: Printed, random: Random) -> bytes:
    """A page with menus, other agencies' names, a table of metadata and a footer."""
    content = _with_neighbour(page, lambda one: _article(one, _table))
    site = random.choice(["示例市人民政府", "政府信息公开年报-示例市教育局", ""])
    return government_page(content, site).encode()


def as_laid_out_page(page: Printed, random: Random) -> bytes:
    """Tables within tables that lay the page out."""
    rows = "".join(
        f"<tr><td>{part}</td></tr>"
        for part in _with_neighbour(page, lambda one: _article(one, _table)).split("<!--part-->")
    )
    menu = "<td width=20%><table><tr><td><a href=#>首页</a></td></tr><tr><td>公开年报</td></tr></table></td>"
    return (
        f"<html><body><table><tr>{menu if random.random() < 0.5 else ''}<td><table>{rows}</table></td></tr>"
        "<tr><td>版权所有</td></tr></table></body></html>"
    ).encode()


def _with_neighbour(page: Printed, article: Callable[[Printed], str]) -> str:
    if page.beside is None:
        return article(page)
    both = (article(page), article(page.beside))
    return f"<table><tr><td>{both[0]}</td><td>{both[1]}</td></tr></table>"


def _article(page: Printed, table: Callable[[Sheet], str]) -> str:
    parts = []
    for block in page.blocks:
        if not isinstance(block, Paragraph):
            parts.append(table(block))
            continue
        tag = {"title": "h1", "heading": "h2"}.get(block.role, "p")
        parts.append(f"{'<!--part-->' if tag == 'h2' else ''}<{tag}>　　{html.escape(block.text)}</{tag}>")
    return "\n".join(parts)


def _table(sheet: Sheet, cell: Cell | None = None) -> str:
    rows = ("".join(_td(slot, "td", cell) for slot in row) for row in sheet.rows())
    return f"<table border=1>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _semantic(sheet: Sheet) -> str:
    rows = [
        "".join(_td(slot, "td" if slot.role == "value" else "th scope=col") for slot in row)
        for row in sheet.rows()
    ]
    return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def _td(slot: Slot, tag: str, cell: Cell | None = None) -> str:
    spans = f"{f' colspan={slot.width}' * (slot.width > 1)}{f' rowspan={slot.height}' * (slot.height > 1)}"
    lines = slot.text.split("\n")
    shown = "".join(map(cell, lines)) if cell else "<br>".join(map(html.escape, lines))
    return f"<{tag}{spans}>{shown}</{tag.partition(' ')[0]}>"
