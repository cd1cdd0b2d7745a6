"""Where the data files are: beside the package in a wheel, beside `workbook_tool/` in a checkout."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_tool.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Template

_PACKAGE = Path(__file__).resolve().parent
_LARGEST = 10 * 2**20
_LEVELS = 2
"""How deep keys are needed: what is below is words and weights, of which there may be fewer."""

_MISSING = "没有写 (is missing)"


def resource(name: str) -> Path:
    """The path of a data file such as ``templates/rules.toml`` or ``samples/report.txt``.

    ``WB_TOOL_TEMPLATES`` names a folder to be used instead of the shipped ``templates``, for an
    office that has an edition or a wording of its own.
    """
    own = os.environ.get("WB_TOOL_TEMPLATES")
    if own and name.startswith("templates/"):
        return Path(own) / name.removeprefix("templates/")
    return _beside_the_package(name)


@cache
def page_template(name: str) -> Template:
    """The page template with this name; whatever is put into it is escaped."""
    # Only pages need it.
    from jinja2 import Environment, FileSystemLoader, TemplateError  # noqa: PLC0415

    loader = FileSystemLoader(resource("templates/pages"))
    try:
        return Environment(loader=loader, autoescape=True).get_template(name)
    except TemplateError as error:
        raise FormError(name, "(template)", f"网页模板不能用 (page template of no use): {error}") from error


def own_templates() -> list[Path]:
    """Where in a folder of one's own every shipped file of data at the top of ``templates`` is to be."""
    shipped = _beside_the_package("templates")
    return [resource(f"templates/{path.name}") for path in sorted(shipped.glob("*.toml"))]


@cache
def _beside_the_package(name: str) -> Path:
    packed = _PACKAGE / name
    return packed if packed.exists() else _PACKAGE.parent / name


@cache
def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; a `FormError` names what is wrong with it.

    One in a folder of templates of one's own has what the shipped one has. Read once; callers share the
    result and leave it as it is.
    """
    content = _parsed(path)
    shipped = _shipped(path)
    if shipped:
        _hold_against(content, _parsed(shipped), path.name)
    return content


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and not path.is_file():
            raise FormError(str(path), "(file)", "不是普通文件 (not a regular file)")
        if path.stat().st_size > _LARGEST:
            raise FormError(str(path), "(file)", f"太大 (too large): > {_LARGEST >> 20} MiB")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FormError(str(path), "(file)", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FormError(path.name, "(encoding)", f"不是 UTF-8 文本 (not in UTF-8): {error}") from error
    except (ValueError, RecursionError) as error:  # also of numbers too long and of lists too deep
        raise FormError(path.name, "(syntax)", f"不是 TOML 文本 (not TOML): {error}") from error


def _shipped(path: Path) -> Path | None:
    """The shipped file that `path` takes the place of; editions are checked by their loader."""
    own = os.environ.get("WB_TOOL_TEMPLATES")
    if not own or not path.is_relative_to(own):
        return None
    shipped = _beside_the_package(f"templates/{path.relative_to(own).as_posix()}")
    return shipped if shipped.is_file() and path.parent.name != "editions" else None


def _hold_against(own: object, shipped: object, file: str, *keys: str) -> None:
    """See to it that `own` has the keys of `shipped`, on two levels and in phrases, and its types."""
    key = ".".join(keys) or "(top)"
    if _type(own) is not _type(shipped):
        raise FormError(file, key, f"类型应为 {_name(shipped)} (must be of type {_name(shipped)})")
    if isinstance(own, dict) and isinstance(shipped, dict):
        phrase = shipped.keys() == {"zh", "en"}
        if len(keys) < _LEVELS or phrase:
            _have(own, shipped.keys(), file, keys)
        _have(shipped, own.keys() if phrase else (), file, keys, "没有这一项 (unknown key)")
        for name in own.keys() & shipped.keys():
            _hold_against(own[name], shipped[name], file, *keys, name)
    elif isinstance(own, list) and isinstance(shipped, list):
        for number, entry in enumerate(own, start=1):
            _hold_entry_against(entry, shipped, file, *keys, str(number))


def _hold_entry_against(entry: object, shipped: list[Any], file: str, *keys: str) -> None:
    """See to it that an entry of a list is like those of the shipped list; its tables may differ in keys."""
    tables = [other for other in shipped if isinstance(other, dict)]
    if isinstance(entry, dict) and tables:
        _have(entry, set.intersection(*map(set, tables)), file, keys)
        known = _together(tables)
        _have(known, entry, file, keys, "没有这一项 (unknown key)")
        for name, value in entry.items():
            _hold_against(value, known[name], file, *keys, name)
    elif shipped and _type(entry) not in set(map(_type, shipped)):
        raise FormError(
            file, ".".join(keys), f"类型应为 {_name(shipped[0])} (must be of type {_name(shipped[0])})"
        )


def _together(tables: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """All that any of `tables` has; lists of one name are put together."""
    known: dict[str, Any] = {}
    for table in tables:
        for name, value in table.items():
            before = known.get(name)
            known[name] = before + value if isinstance(before, list) and isinstance(value, list) else value
    return known


def _have(
    table: Mapping[str, Any], wanted: Iterable[str], file: str, keys: tuple[str, ...], problem: str = _MISSING
) -> None:
    for name in wanted:
        if name not in table:
            raise FormError(file, ".".join([*keys, name]), problem)


def _type(value: object) -> type:
    return float if type(value) is int else type(value)


def _name(value: object) -> str:
    return {dict: "table", list: "list", str: "string", bool: "boolean"}.get(type(value), "number")
