"""The formats of reports: a name → the module that makes an outcome into text, loaded when asked for."""

from __future__ import annotations

from importlib import import_module

from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from packlint.outcome import Outcome

    class Render(Protocol):
        """What a report's module does."""

        def __call__(self, outcome: Outcome, look: Look = ...) -> str:
            """The report, ending in a line break unless it is empty."""


FORMATS = {
    "text": "packlint.report.text",
    "concise": "packlint.report.concise",
    "json": "packlint.report.json",
    "sarif": "packlint.report.sarif",
    "github": "packlint.report.github",
    "gitlab": "packlint.report.gitlab",
    "junit": "packlint.report.junit",
    "checkstyle": "packlint.report.checkstyle",
    "markdown": "packlint.report.markdown",
    "html": "packlint.report.html",
}
"""Each module has a function `render` of the shape of `Render`; the order is that of `--help`."""


@record
class Look:
    """How reports are wanted; each format minds what concerns it.

    `color` asks for ANSI styles, `statistics` for how often each rule has findings, and `suppressed` shows
    what was excused. `category` tells runs of SARIF apart on one platform, and `limit` is how many results it
    takes.
    """

    color: bool = False
    statistics: bool = False
    suppressed: bool = False
    category: str | None = None
    limit: int = 5000


PLAIN = Look()


def render(name: str, outcome: Outcome, look: Look = PLAIN) -> str:
    """The report in the format of that name, a key of `FORMATS`."""
    made: Render = import_module(FORMATS[name]).render
    return made(outcome, look)
