"""A place in a settings file → the same with a mask over values of variables, which may be secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.document import Document, Range
from packlint.request import PYPROJECT

MASK = "*"

_HEADER = re.compile(r"[ \t]*+\[{1,2}+[ \t]*+([\w \t.\"'-]*+)\]")
_OUR_KEY = re.compile(
    r"[ \t]*+(?:extend|preset|select|extend-select|ignore|fail-on|exclude|schemas|plugins|baseline"
    r"|var-files|working-directory|rules|paths|waivers|reason|until)\b[^=]*+="
)
_KEY = re.compile(r"[ \t]*+[\w.\"'-][\w.\"' \t-]*+=[ \t]*+")
_VARIABLES = re.compile(r"\bvariables\b")


def shown(place: Range) -> Range:
    """The place in a document that has a mask over what may belong to variables or to other tools.

    It need not be TOML: what is masked is told from its lines alone, and too much rather than too little.
    """
    document = place.document
    return Range(Document(document.path, "\n".join(_lines(document))), place.start, place.end)


def _lines(document: Document) -> Iterator[str]:
    ours = hidden = document.path.endswith(PYPROJECT)  # other tools' tables are none of our business
    in_table = hidden
    for line in document.text.split("\n"):
        if (header := _HEADER.match(line)) is not None:
            words = re.sub(r"[\s\"']", "", header[1])
            foreign = ours and not re.match(r"tool\.packlint(?:\.|$)", words)
            in_table = hidden = foreign or "variables" in words.split(".")
            yield line
            continue
        if _VARIABLES.search(line):
            hidden = True
        elif not in_table and _OUR_KEY.match(line):
            hidden = False
        yield _masked(line) if hidden else line


def _masked(line: str) -> str:
    """A line with nothing but its key to be read."""
    key = _KEY.match(line)
    kept = key.end() if key else 0
    return line[:kept] + re.sub(r"\S", MASK, line[kept:])
