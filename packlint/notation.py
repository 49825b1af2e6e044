"""An argument or a block → how it is written in the syntax of the file that it should stand in."""

from __future__ import annotations

from packlint.document import Document


def argument(document: Document, name: str, value: str = "…") -> str:
    """`name = …`, or `"name": …` in JSON; the value is the same in both."""
    return f'`"{name}": {value}`' if document.is_json else f"`{name} = {value}`"


def block(document: Document, type_: str, *labels: str, body: str = "{ … }") -> str:
    """`variable "user" { … }`, or `"variable": {"user": { … }}` in JSON."""
    if not document.is_json:
        header = " ".join((type_, *(f'"{label}"' for label in labels)))
        return f"`{header} {body}`"
    for label in reversed(labels):
        body = f'{{"{label}": {body}}}'
    return f'`"{type_}": {body}`'


def ending(document: Document, stem: str) -> str:
    """`.pkrvars.hcl`, or `.pkrvars.json` beside JSON; `stem` is what stands before, as `.pkrvars`."""
    return f"`{stem}.{'json' if document.is_json else 'hcl'}`"
