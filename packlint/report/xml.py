"""Elements of XML → their text in ASCII, which every parser of XML 1.0 takes, whatever a template holds."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent, tostring

from packlint.report.carry import utf8

_ILLEGAL = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\x7f")
"""What XML 1.0 has no way to write (section 2.2), and DEL, which ASCII would bring to a terminal as it is."""


def legal(text: str) -> str:
    r"""The text with an escape, such as `\x1b`, for each character that XML cannot carry."""
    return _ILLEGAL.sub(lambda found: f"\\x{ord(found[0]):02x}", utf8(text).replace("\uffff", r"\uffff"))


def xml_text(root: Element) -> str:
    """A document of XML with an element a line; everything but ASCII is written as a reference."""
    indent(root, " ")
    # `##[` is a command to a runner, wherever in a line; no markup of ours has a number sign.
    text = tostring(root, encoding="us-ascii").decode().replace("##", "#&#35;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
