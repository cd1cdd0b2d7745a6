"""Encrypted workbooks: Excel's own default password first, then those that the user gave."""

from __future__ import annotations

import io

from workbook_tool.errors import SourceError

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105
"""What Excel encrypts with when a workbook is only protected against changes ([MS-OFFCRYPTO] 2.3.6)."""


def decrypt(data: bytes, passwords: tuple[str, ...]) -> bytes:
    """The workbook inside `data`; a `SourceError` where no password fits."""
    # Loads a cryptography library that nothing else needs.
    import msoffcrypto  # noqa: PLC0415
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError  # noqa: PLC0415

    for password in (DEFAULT_PASSWORD, *passwords):
        opened = io.BytesIO()
        try:
            office = msoffcrypto.OfficeFile(io.BytesIO(data))
            office.load_key(password=password, verify_password=True)
            office.decrypt(opened)
        except (InvalidKeyError, DecryptionError):
            continue
        except (FileFormatError, ParseError, ValueError, OSError) as error:
            raise SourceError("truncated", {"problem": str(error)[:200]}) from error
        return opened.getvalue()
    raise SourceError("encrypted")
