"""Where the data files are: beside the package in a wheel, beside `workbook_tool/` in a checkout."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_tool.errors import FormError

if TYPE_CHECKING:
    from jinja2 import Template

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The path of a data file such as ``templates/rules.toml`` or ``samples/report.txt``.

    ``WB_TOOL_TEMPLATES`` names a folder to be used instead of the shipped ``templates``, for an
    office that has an edition or a wording of its own.
    """
    own = os.environ.get("WB_TOOL_TEMPLATES")
    if own and name.startswith("templates/"):
        return Path(own) / name.removeprefix("templates/")
    packed = _PACKAGE / name
    return packed if packed.exists() else _PACKAGE.parent / name


@cache
def page_template(name: str) -> Template:
    """The page template with this name; whatever is put into it is escaped."""
    # Only pages need it.
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415

    loader = FileSystemLoader(resource("templates/pages"))
    return Environment(loader=loader, autoescape=True).get_template(name)


@cache
def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; a `FormError` names the line where it is not TOML.

    Read once; callers share the result and leave it as it is.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FormError(str(path), "(file)", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FormError(path.name, "(encoding)", str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise FormError(path.name, "(syntax)", str(error)) from error
