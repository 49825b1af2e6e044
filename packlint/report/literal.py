"""A text of a template → Markdown that shows it as it is: nothing in it is markup, a link or somebody's name.

The flavours are those of GitHub and GitLab. References to people, issues and commits are looked for in what
is shown, so that an escape does not help against them: a space without width does.
"""

from __future__ import annotations

import re

from packlint.report.prose import Prose
from packlint.visible import visible

BREAK = "&#8203;"
"""A space without width."""

_MARKUP = re.compile(r"[\\`*_\[\]<>|&~$!#@^]")
"""What may begin or end something, in Markdown, in HTML, or in the mathematics of either platform."""

_REFERENCE = re.compile(
    r"""
    (?<=[@\#!$%~&^*])(?=[\w\"'.])                   # @name, #1, !1, $1, %1, ~label, &1
    | (?<=:)(?=//|[\w+-]+:)                         # an address, a picture by its name: :name:
    | (?<=mailto:) | (?<=xmpp:)
    | (?<=www)(?=\.)
    | (?-i:(?<=[A-Z])(?=-\d))                       # GH-1
    | (?<=\b[0-9a-f]{4})(?=[0-9a-f]{3,})            # a commit
    """,
    re.VERBOSE | re.IGNORECASE,
)


def text(written: str) -> str:
    """The words of a sentence, in one line."""
    parts: list[str] = []
    at = 0
    shown = visible(written)
    for found in _REFERENCE.finditer(shown):
        parts += _escaped(shown[at : found.start()]), BREAK
        at = found.start()
    return "".join((*parts, _escaped(shown[at:])))


def code(written: str) -> str:
    """A name, a path or a piece of code, in one line."""
    shown = visible(written)
    # A table is cut at every bar before anything else is read, and takes backslashes away before one.
    if not shown.strip() or any(character in "`|\\" for character in shown):
        return f"<code>{text(shown)}</code>"
    return f"`{shown}`"


def sentence(pieces: Prose) -> str:
    """A message, a hint or a label."""
    return "".join(code(piece) if is_code else text(piece) for is_code, piece in pieces)


def _escaped(part: str) -> str:
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", part)
