"""A JSON Schema and an instance with unknowns → the violations that no completion of the unknowns can mend.

The one door to jsonschema: nothing else imports it, and this only for a `Judge`; a `Quick` does without.
"""

from __future__ import annotations

from importlib import import_module

from packlint.schema.instance import Open, OpenList
from packlint.schema.quick import Quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from packlint.schema.judge import Judge, Violation
    from packlint.schema.refusal import KEYWORDS, refused, subschemas

__all__ = ["KEYWORDS", "Judge", "Open", "OpenList", "Quick", "Violation", "refused", "subschemas"]

_LATER = {
    **dict.fromkeys(("Judge", "Violation"), "packlint.schema.judge"),
    **dict.fromkeys(("KEYWORDS", "refused", "subschemas"), "packlint.schema.refusal"),
}
"""Where to find what most templates have no need of."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
