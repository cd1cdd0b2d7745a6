"""A Word document as PDF, by LibreOffice where it is installed; it puts the fonts into the file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from workbook_tool.errors import WorkbookToolError
from workbook_tool.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Font/Substitution">
<prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>
{pairs}</oor:items>
"""
_PAIR = """<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs">
<node oor:name="_{number}" oor:op="replace">
<prop oor:name="ReplaceFont" oor:op="fuse"><value>{font}</value></prop>
<prop oor:name="SubstituteFont" oor:op="fuse"><value>{other}</value></prop>
<prop oor:name="Always" oor:op="fuse"><value>true</value></prop>
<prop oor:name="OnScreenOnly" oor:op="fuse"><value>false</value></prop></node></item>
"""
_PATIENCE = 180
"""Seconds; a first start on a slow machine takes up to thirty."""

_TRIES = 2
"""LibreOffice ends without a result now and then."""


def as_pdf(document: bytes) -> bytes:
    """The Word document as PDF; a `WorkbookToolError` where LibreOffice is missing or fails.

    It runs by itself in a folder of its own, whatever of it is open on the desk.
    """
    program = _office()
    with tempfile.TemporaryDirectory(prefix="wb-tool-pdf-", ignore_cleanup_errors=True) as folder:
        source, result = Path(folder, "report.docx"), Path(folder, "report.pdf")
        source.write_bytes(document)
        _replace_fonts(Path(folder, "profile", "user"))
        for _ in range(_TRIES):
            said = _convert(program, source)
            if result.is_file() and result.read_bytes().startswith(b"%PDF"):
                return result.read_bytes()
    message = f"LibreOffice 没有生成 PDF (LibreOffice made no PDF): {said[:200]}"
    raise WorkbookToolError(message)


def _office() -> str:
    found = [path for name in _NAMES if (path := shutil.which(name))]
    found += [place for place in _PLACES if Path(place).is_file()]
    if not found:
        message = (
            "生成 PDF 需要 LibreOffice，这里没有安装；可以先用 -f docx 生成，再用 Word 或 WPS 另存为 PDF"
            " (a PDF needs LibreOffice, which is not here; make a docx and save it as PDF in Word or WPS)"
        )
        raise WorkbookToolError(message)
    return found[0]


def _convert(program: str, source: Path) -> str:
    """Run LibreOffice once, and end all of it when it takes too long; what it said."""
    profile = (source.parent / "profile").as_uri()
    command = [
        program,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(source.parent),
        str(source),
    ]
    process = subprocess.Popen(  # noqa: S603  # the office program
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        _end(process)
        return f"> {_PATIENCE} s"
    return said.decode("utf-8", "replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the office program and what it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, 9)
    process.wait()


def _replace_fonts(user: Path) -> None:
    """Tell LibreOffice what stands in for fonts that are missing; it does not read that in the document."""
    pairs = "".join(
        _PAIR.format(number=number, font=escape(font), other=escape(other))
        for number, (font, other) in enumerate(_stand_ins())
    )
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_REGISTRY.format(pairs=pairs), encoding="utf-8")


def _stand_ins() -> Iterator[tuple[str, str]]:
    """Each font that is not installed with the first of its stand-ins that is, where that can be known."""
    listing = shutil.which("fc-list")
    if not listing:
        return
    done = subprocess.run([listing, ":", "family"], capture_output=True, check=False)  # noqa: S603
    installed = set(done.stdout.decode("utf-8", "replace").replace("\n", ",").split(","))
    for font in ET.parse(resource("templates/word/fonts.xml")).getroot():  # noqa: S314  # our own
        name = font.get(f"{_W}name", "")
        others = [other.get(f"{_W}val", "") for other in font.iter(f"{_W}altName")]
        found = next((other for other in ",".join(others).split(",") if other in installed), None)
        if name not in installed and found:
            yield name, found
