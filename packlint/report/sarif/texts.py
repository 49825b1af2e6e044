"""Messages of the house → sentences as SARIF has them."""

from __future__ import annotations

import re

from packlint.report.prose import prose


def sentence(text: str) -> str:
    """A message with a capital letter and a final stop, and without a link."""
    text = _quoted(text).replace("](", "] (")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def label(text: str) -> str:
    """The text of a link: brackets and backslashes are escaped (SARIF 2.1.0, section 3.11.6)."""
    return re.sub(r"([\[\]\\])", r"\\\1", _quoted(text))


def cut(text: str, longest: int) -> str:
    """The text, cut after a sentence if it has more characters than that."""
    if len(text) <= longest:
        return text
    end = text.rfind(". ", 0, longest)
    return text[: end + 1] if end > 0 else text[: longest - 3] + "..."


def _quoted(text: str) -> str:
    """Names in single quotes instead of backticks; what cannot be seen, or JSON cannot carry, escaped."""
    return "".join(f"'{piece}'" if is_code else piece for is_code, piece in prose(text))
