"""Groups of commands, each imported when it is asked for: a command line needs one of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN: dict[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}


def lazy_group(package: str, commands: Mapping[str, str]) -> type[TyperGroup]:
    """A group of `commands`, each "module.function" of `package`, in the order of the help.

    What is found there is a command, or a `typer.Typer` that is a group in turn.
    """

    class Commands(TyperGroup):
        """The commands by name alone, which is enough for the help's order and for suggestions."""

        def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  # typer's own attributes
            super().__init__(**attributes)
            self.commands = dict.fromkeys(commands)  # type: ignore[assignment]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  # types that typer keeps to itself
            """The command with this name, or ``None``."""
            if cmd_name not in commands:
                return None
            module, _, name = commands[cmd_name].partition(".")
            found = getattr(import_module(f"{package}.{module}"), name)
            if isinstance(found, typer.Typer):
                return typer.main.get_command(found)
            one = typer.Typer(**PLAIN)
            one.command(cmd_name)(found)
            return typer.main.get_command(one)

    return Commands
