"""The grammar of the python-hcl2 that is installed → `packlint/parse/tables.txt`.

Run this again when another python-hcl2 is required: `python .ci/derive_tables.py`.
"""

from __future__ import annotations

from pathlib import Path

from packlint.parse.derive import derived
from packlint.parse.grammar import installed

TABLES = Path(__file__).resolve().parent.parent / "packlint" / "parse" / "tables.txt"


def main() -> None:
    """Writes the file."""
    grammar = installed()
    assert grammar is not None, "python-hcl2 is not installed"
    TABLES.write_text(derived(grammar), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
