"""A value given to a variable → where to point at it, and in what words."""

from __future__ import annotations

from packlint.document import Range
from packlint.model import Origin, Variable

GIVERS = {"environment": "the environment", "settings": "the settings", "var": "`--var`"}
"""Those whose values stand in no file, so that only the declaration can be shown."""


def shown(variable: Variable, origin: Origin) -> tuple[Range, str]:
    """The place of a value, and words for it that end in the variable: "the default of variable `x`".

    A secret is not pointed at: reports show the line.
    """
    name = f"variable `{variable.name}`"
    place = origin.range
    if origin.kind in GIVERS:
        return variable.name_range, f"the value from {GIVERS[origin.kind]} of {name}"
    words = f"the default of {name}" if origin.kind == "default" else f"this value of {name}"
    if place is not None and not variable.sensitive:
        return place, words
    if place is not None and origin.kind == "var-file":
        words = f"the value from `{place.document.path}` of {name}"
    return variable.name_range, words
