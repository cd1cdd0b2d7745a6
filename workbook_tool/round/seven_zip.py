"""7z archives, by py7zr. Runs in the child process."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

from workbook_tool.round.archives import Allowance, Member, Refused, left_by_a_system

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRIVE = re.compile(r"[A-Za-z]:")


def read_seven_zip(data: bytes, allowance: Allowance) -> Iterator[Member]:
    """The files in the archive `data`."""
    import py7zr  # noqa: PLC0415  # optional
    from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError  # noqa: PLC0415
    from py7zr.io import BytesIOFactory  # noqa: PLC0415

    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                raise Refused("encrypted")
            listed = archive.list()
            # Folders too: what has a size is inflated, to get at what stands behind it.
            if sum(info.uncompressed for info in listed) > allowance.size:
                raise Refused("unsafe")
            files = [info for info in listed if info.is_file and not left_by_a_system(info.filename)]
            for info in files:
                allowance.take(info.uncompressed)
            places = _places([info.filename for info in files])
            factory = BytesIOFactory(allowance.size + sum(info.uncompressed for info in files))
            archive.extract(targets=list(places), factory=factory)
    except PasswordRequired as error:
        raise Refused("encrypted") from error
    except UnsupportedCompressionMethodError as error:
        raise Refused("unsupported-format") from error
    if not factory.products.keys() >= set(places.values()):
        raise Refused("corrupt")
    for info in files:
        place = places.pop(info.filename, None)
        if place is None:
            yield Member(info.filename, b"", "unsafe")
        else:
            content = factory.products[place]
            content.seek(0)
            yield Member(info.filename, content.read())


def _places(names: list[str]) -> dict[str, str]:
    """Where the library puts members of these names, without those for which it refuses them all."""
    paths = [PurePath(name.lstrip("/")) for name in names]
    times = Counter(paths)
    return {
        name: path.as_posix()
        for name, path in zip(names, paths, strict=True)
        if times[path] == 1
        and path.parts
        and ".." not in path.parts
        and not path.is_absolute()
        and not _DRIVE.match(path.as_posix())
    }
