"""Text → text as HCL keeps it."""

from __future__ import annotations

import unicodedata


def normal(text: str) -> str:
    """The text in Unicode's normal form C, in which `cty` keeps every string."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
