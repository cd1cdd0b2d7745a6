"""The round file: deadlines, wording, limits and servers; no secrets."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from email.utils import getaddresses, parseaddr
from string import Formatter
from typing import TYPE_CHECKING, Any

from workbook_tool.errors import WorkbookToolError
from workbook_tool.resources import read_toml, resource
from workbook_tool.round import ROUND_FILE
from workbook_tool.round.roster import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from workbook_tool.round.roster import Unit

_ALWAYS = {"year", "agency", "contact", "due", "by", "signature"}
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?)?")
_LEAST = {"message_mib": 1, "members": 1, "inflated_mib": 1, "year": 2000, "port": 1}
_MOST = 100_000
_SECURITY = ("tls", "starttls")


@dataclass(frozen=True)
class Mail:
    """Who writes the letters, and how."""

    sender: str = field(default="", metadata={"key": "from"})
    signature: str = ""
    ascii_names: bool = False

    @property
    def address(self) -> str:
        """The bare address that letters come from."""
        return parseaddr(self.sender)[1]


@dataclass(frozen=True)
class Remind:
    """When the late are reminded: days before the due date, days between reminders, how often at most."""

    days_before: int = 3
    every_days: int = 3
    at_most: int = 5


@dataclass(frozen=True)
class Limits:
    """How large a message may be, and what may be in it."""

    message_mib: int = 50
    members: int = 200
    inflated_mib: int = 200


@dataclass(frozen=True)
class Smtp:
    """The server that sends."""

    host: str = ""
    port: int = 465
    security: str = "tls"
    user: str = ""
    per_minute: int = 8
    per_day: int = 100


@dataclass(frozen=True)
class Imap:
    """The mailbox that is read."""

    host: str = ""
    port: int = 993
    user: str = ""
    folder: str = "INBOX"


@dataclass(frozen=True)
class Settings:
    """All that a round file says."""

    year: int
    due: date
    strict: bool = True
    mail: Mail = Mail()
    remind: Remind = Remind()
    limits: Limits = Limits()
    smtp: Smtp = Smtp()
    imap: Imap = Imap()
    letter: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def due_of(self, unit: Unit) -> date:
        """When a unit's work is due: on its own date, or else on the round's."""
        return unit.due or self.due


_TABLES = {"mail": Mail, "remind": Remind, "limits": Limits, "smtp": Smtp, "imap": Imap}


def round_data() -> Mapping[str, Any]:
    """The content of ``templates/round.toml``: states, reasons, letters."""
    return read_toml(resource("templates/round.toml"))


def new_round_file(year: int) -> str:
    """The text of a round file for reports on `year`, due as article 49 says: by the end of January."""
    text = resource("templates/round-file.toml.in").read_text(encoding="utf-8")
    return text.replace("{year}", str(year)).replace("{due}", date(year + 1, 1, 31).isoformat())


def read_settings(folder: Path) -> Settings:
    """The settings of the round in `folder`; everything wrong with the file is told at once."""
    path = folder / ROUND_FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        message = f"这里不是收表的文件夹,请先用 wb-tool round init 建立 (not a round folder): {folder}"
        raise WorkbookToolError(message) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: 不是 UTF-8 的 TOML 文本 (not TOML in UTF-8): {error}"
        raise WorkbookToolError(message) from error
    problems: list[str] = []
    letters = _letters(raw.pop("letter", {}), problems)
    tables = {name: _filled(kind, raw.pop(name, {}), name, problems) for name, kind in _TABLES.items()}
    settings = _filled(Settings, raw, "", problems, **tables, letter=letters)
    if problems:
        raise WorkbookToolError("\n".join(f"{path}: {problem}" for problem in problems))
    return settings  # type: ignore[no-any-return]  # what was filled is what was asked for


def _filled(kind: type, raw: object, where: str, problems: list[str], **made: object) -> Any:  # noqa: ANN401  # of the kind
    """`kind` made of `raw`; what is unknown or of another type is added to `problems`."""
    prefix = f"{where}." if where else ""
    if not isinstance(raw, dict):
        problems.append(f"{where}: 应为一节 (should be a table)")
        return None
    known = {entry.metadata.get("key", entry.name): entry for entry in fields(kind) if entry.name not in made}
    values: dict[str, object] = dict(made)
    for key, value in raw.items():
        if key not in known:
            problems.append(f"{prefix}{key}: 没有这一项 (unknown key)")
            continue
        wanted = str(known[key].type)
        if type(value).__name__ != wanted:
            problems.append(f"{prefix}{key}: 应为 {wanted} (should be {wanted})")
        elif wanted == "int" and not _LEAST.get(key, 0) <= value <= _MOST:
            problems.append(f"{prefix}{key}: 应在 {_LEAST.get(key, 0)} 到 {_MOST} 之间 (out of range)")
        elif key == "security" and value not in _SECURITY:
            problems.append(f"{prefix}{key}: {' | '.join(_SECURITY)}")
        elif key == "from" and value and not _is_sender(value):
            problems.append(f"{prefix}{key}: 应为一个邮箱地址 (should be one address): {value!r}")
        elif key == "host" and not _HOST.fullmatch(value):
            problems.append(f"{prefix}{key}: 不是服务器的名字 (no host): {value!r}")
        values[known[key].name] = value
    missing = [key for key in ("year", "due") if key in known and key not in raw]
    problems += [f"{prefix}{key}: 没有写 (missing)" for key in missing]
    return None if problems else kind(**values)


def _letters(raw: object, problems: list[str]) -> Mapping[str, Mapping[str, str]]:
    """The shipped letters with the round's own words in them."""
    shipped = {name: dict(letter) for name, letter in round_data()["letter"].items()}
    for name, letter in raw.items() if isinstance(raw, dict) else ():
        if not isinstance(letter, dict):
            problems.append(f"letter.{name}: 应为一节 (should be a table)")
            continue
        for key, text in letter.items():
            where = f"letter.{name}.{key}"
            if name not in shipped or key not in shipped[name] or not isinstance(text, str):
                problems.append(f"{where}: 没有这一项 (unknown key)")
                continue
            own = [shipped[name][key]] if name == "words" else shipped[name].values()
            allowed = {"{year}"} if name == "words" else {f"{{{part}}}" for part in _ALWAYS}
            try:
                unknown = _placeholders([text]) - allowed - _placeholders(own)
            except ValueError as error:
                problems.append(f"{where}: {error}")
                continue
            if unknown:
                problems.append(
                    f"{where}: 没有这样的占位 (unknown placeholders): {'、'.join(sorted(unknown))}"
                )
            shipped[name][key] = text
    return shipped


def _placeholders(texts: Iterable[str]) -> set[str]:
    """The placeholders in `texts`, as they stand there."""
    return {
        f"{{{part}{'!' if conversion else ''}{conversion or ''}{':' if form else ''}{form}}}"
        for text in texts
        for _, part, form, conversion in Formatter().parse(text)
        if part is not None
    }


def _is_sender(text: str) -> bool:
    """Whether `text` is one address, with words before it or not, and nothing a header could be made of."""
    found = getaddresses([text])
    return text.isprintable() and len(found) == 1 and ADDRESS.fullmatch(found[0][1]) is not None
