"""Sources and results behind an address: ``s3://``, ``hdfs://``, ``file://`` … whatever fsspec knows."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_tool.errors import OutputError, SourceError, WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def fetch_remote(address: str, most: int) -> bytes | None:
    """What is at `address`, up to `most` bytes; ``None`` where nothing is; else a `SourceError`."""
    system, path = _at(address)
    try:
        with system.open(path, "rb") as stream:
            return bytes(stream.read(most))
    except FileNotFoundError:
        return None
    except Exception as error:  # every storage has errors of its own
        raise SourceError("unreadable", {"problem": _words(error)}) from error


def stamp_remote(address: str) -> str:
    """What changes with what is at `address`: its size, times and tags, whatever the storage knows."""
    system, path = _at(address)
    try:
        return hashlib.sha256(str(system.ukey(path)).encode()).hexdigest()[:32]
    except Exception:  # noqa: BLE001  # every storage has errors of its own; reading it will tell
        return ""


def found_at(address: str) -> Iterator[str]:
    """The addresses of the files at `address`, in order: a file, a folder with all below it, or a pattern."""
    system, path = _at(address)
    try:
        if "*" in path or "?" in path or "[" in path:
            found = [one for one in system.glob(path) if not system.isdir(one)]
        else:
            found = system.find(path)
    except Exception as error:
        message = f"读不到 (cannot be reached): {address}: {_words(error)}"
        raise WorkbookToolError(message) from error
    if not found:
        message = f"没有这个文件 (no such file): {address}"
        raise WorkbookToolError(message)
    return (str(system.unstrip_protocol(one)) for one in sorted(found))


def see_to_remote(address: str, *, force: bool) -> None:
    """See to it that a result may be put at `address`; else an `OutputError`."""
    from workbook_tool.files import EXISTS  # noqa: PLC0415  # only what writing needs

    system, path = _at(address)
    try:
        exists = system.exists(path)
    except Exception as error:
        raise OutputError(address, f"无法写入 (cannot write): {_words(error)}") from error
    if exists and not force:
        raise OutputError(address, EXISTS)


def write_remote(address: str, content: bytes | Iterable[bytes]) -> None:
    """Write `content`, or its pieces as they come, to `address`: whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "content")
        with path.open("wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
        put(path, address)


def put(file: Path, address: str) -> None:
    """Put `file` at `address`, over what is there."""
    system, path = _at(address)
    try:
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        system.put_file(str(file), path)
    except Exception as error:
        raise OutputError(address, f"无法写入 (cannot write): {_words(error)}") from error


def found_under(address: str) -> list[str]:
    """The names of all files below `address`, relative to it."""
    system, path = _at(address)
    try:
        found = system.find(path)
    except FileNotFoundError:
        return []
    except Exception as error:
        raise OutputError(address, f"无法写入 (cannot write): {_words(error)}") from error
    return [str(one)[len(path.rstrip("/")) + 1 :] for one in found]


def remove(address: str) -> None:
    """Remove what is at `address` and below, if anything is."""
    system, path = _at(address)
    try:
        if system.exists(path):
            system.rm(path, recursive=True)
    except Exception as error:
        raise OutputError(address, f"无法写入 (cannot write): {_words(error)}") from error


def _at(address: str) -> tuple[Any, str]:
    """The storage of `address` and the path in it."""
    try:
        import fsspec  # noqa: PLC0415  # optional

        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        message = f"需要另外安装 wb-tool[cluster] (has to be installed): {error.name or error}"
        raise WorkbookToolError(message) from error
    except ValueError as error:
        message = f"不认识的地址 (unknown kind of address): {address}: {error}"
        raise WorkbookToolError(message) from error
    return system, str(path)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
