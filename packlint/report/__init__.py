"""The formats of reports: a name → the module that makes an outcome into text, loaded when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from packlint.outcome import Outcome

FORMATS = {"sarif": "packlint.report.sarif", "text": "packlint.report.text"}
"""Each module has a function `render` of the shape of `Render`."""


class Render(Protocol):
    """What a report's module does."""

    def __call__(self, outcome: Outcome, color: bool = False) -> str:
        """The report, ending in a line break unless it is empty; `color` asks for ANSI styles."""


def render(name: str, outcome: Outcome, color: bool = False) -> str:
    """The report in the format of that name, a key of `FORMATS`."""
    return cast("Render", import_module(FORMATS[name]).render)(outcome, color)
