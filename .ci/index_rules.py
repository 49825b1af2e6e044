"""The built-in rules → `rules/index.py`, which says of each what is asked before it has to look.

`python .ci/generate_docs.py` does it with everything else that is written from the rules.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from packlint.shelf import row_of

PACKAGE = "packlint.rules"

INDEX = Path(__file__).resolve().parent.parent / "rules" / "index.py"

HEAD = '''\
"""What each rule here says of itself; `python .ci/generate_docs.py` writes it (`packlint.shelf` reads it)."""

# ruff: noqa: E501
# fmt: off
from packlint.shelf import Row

RULES: tuple[Row, ...] = (
'''


def text() -> str:
    """The module."""
    rows = sorted(row_of(rule, PACKAGE) for rule in import_module(PACKAGE).every())
    return HEAD + "".join(f"    {row!r},\n" for row in rows) + ")\n"


def write() -> None:
    """Write the module."""
    INDEX.write_text(text(), encoding="utf-8", newline="")


if __name__ == "__main__":
    write()
