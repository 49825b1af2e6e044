"""What happens while jobs run → a view of them on a terminal, drawn again in its place as they go on."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from packlint.packer.event import Event
from packlint.packer.hear.follow import Follower
from packlint.packer.job import Job, Plan
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.show.picture import Picture, Running, Size, Styled
from packlint.packer.words import COLORS, became, fitted, folded, marks, most
from packlint.visible import columns, visible

if TYPE_CHECKING:
    from rich.console import Console

OFTEN = 0.1
"""Seconds between two pictures, if nothing is over meanwhile."""

NARROWEST = 20
"""Columns below which nothing is cut any more."""

USUAL = Size(80, 24)
"""The size of a terminal that does not tell it."""


def suits(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether a stream can show what moves: a terminal that knows more than to print line below line."""
    if stream is None or not stream.isatty() or environment.get("TERM") in ("dumb", "unknown"):
        return False
    from rich.console import detect_legacy_windows

    return not detect_legacy_windows()


class Live:
    """A Watcher that shows a row for each image that runs, below what is over and told.

    Only these rows are drawn again, each picture in one piece and only where something differs. The cursor is
    neither hidden nor sent elsewhere, so that the terminal is as it was, however packlint ends. Lines are cut
    before they reach its edge, and are free of control characters: nothing that Packer says can leave its
    place. `now` gives seconds of a clock that only goes on; `size` the size of the terminal, by default that
    of `stream`. Where it cannot be written to any more, all goes on without.
    """

    def __init__(
        self,
        plan: Plan,
        stream: TextIO,
        *,
        colored: bool,
        now: Callable[[], float] = time.monotonic,
        size: Callable[[], Size] | None = None,
    ) -> None:
        self._stream = stream
        self._now = now
        self._size = size or (lambda: _size(stream))
        self._marks = marks(stream.encoding)
        self._picture = Picture(plan, self._marks, stream.encoding or "ascii", now())
        self._screen = _Screen(colored)
        self._running: dict[Job, Running] = {}
        self._over: dict[Job, State] = {}
        self._drawn_at = float("-inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write(self._screen.drawn([], [], self._size().width))

    def started(self, job: Job, command: Sequence[str]) -> None:
        """The images of the job have rows from now on."""
        running = self._running.setdefault(job, Running(job, self._now()))
        running.verb = "".join(command[1:2])
        self._draw()

    def heard(self, job: Job, event: Event, follower: Follower) -> None:
        """The last lines are kept, in case the job fails."""
        running = self._running.setdefault(job, Running(job, self._now()))
        running.follower = follower
        running.hear(event)
        self._draw(seldom=True)

    def ended(self, result: JobResult) -> None:
        """What became of the images goes above the rows, with the last lines of a job that has failed."""
        running = self._running.pop(result.job, None)
        self._over[result.job] = result.state
        width = max(self._size().width - 1, NARROWEST)
        above = [self._over_line(image, result, width) for image in result.images]
        if running and any(image.state is State.FAILED for image in result.images):
            edge = f"  {self._marks.edge} "
            for line in map(self._picture.writable, running.last):
                above += (((edge, "red"), (part, "")) for part in folded(line, width - len(edge)))
        self._draw(above)

    def told(self, message: str) -> None:
        """The message goes above the rows."""
        room = max(self._size().width - 1, NARROWEST)
        text = self._picture.writable(visible(message))
        self._draw([((part, "bold yellow"),) for part in folded(text, room)])

    def tick(self) -> None:
        """The clocks go on."""
        self._draw(seldom=True)

    def _over_line(self, image: ImageResult, result: JobResult, width: int) -> Styled:
        mark = f"{self._marks.states[image.state]} "
        name = self._picture.writable(visible(image.image.name))
        told = self._picture.writable(f" {became(image, result)}")
        color = COLORS[image.state]
        name = fitted(name, width - len(mark), self._marks.cut)
        room = width - len(mark) - most(name)
        return ((mark, color), (name, "bold"), (fitted(told, room, self._marks.cut, at_end=True), color))

    def _draw(self, above: Sequence[Styled] = (), *, seldom: bool = False) -> None:
        now = self._now()
        if seldom and 0 <= now - self._drawn_at < OFTEN:
            return
        self._drawn_at = now
        size = self._size()
        lines = self._picture.lines(self._running, self._over, now, size)
        self._write(self._screen.drawn(above, lines, size.width))

    def _write(self, text: str) -> None:
        if text:
            with suppress(OSError, ValueError):
                self._stream.write(text)
                self._stream.flush()


class _Screen:
    """Knows what is on the terminal → what to send so that something else is, without a flicker."""

    def __init__(self, colored: bool) -> None:
        from rich.console import Console

        self._console: Console = Console(
            file=io.StringIO(),
            force_terminal=True,
            color_system="standard" if colored else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )
        self._lines: list[Styled] = []
        self._width = 0

    def drawn(self, above: Sequence[Styled], lines: list[Styled], width: int) -> str:
        """What puts lines for good where the old rows are, and the new rows below them."""
        if not above and lines == self._lines and width == self._width:
            return ""
        from rich.control import Control
        from rich.segment import ControlType as Do
        from rich.text import Text

        old, new = self._height(width), len(above) + len(lines)
        begin = [Control((Do.CURSOR_UP, old))] if old else []
        self._console.control(*begin, Control(Do.CARRIAGE_RETURN))
        clear = Control((Do.ERASE_IN_LINE, 0))
        for line in (*above, *lines, *[()] * (old - new)):
            self._console.print(Text.assemble(*line), end="", soft_wrap=True)
            self._console.control(clear)
            self._console.print()
        self._console.control(clear)
        if old > new:
            self._console.control(Control((Do.CURSOR_UP, old - new)))
        self._lines, self._width = lines, width
        return self._taken()

    def _height(self, width: int) -> int:
        """How many lines of the terminal the rows take; one that has become narrower has folded them."""
        if width >= self._width:
            return len(self._lines)
        wide = (sum(columns(text) for text, _ in line) for line in self._lines)
        return sum(max(1, -(-it // max(width, 1))) for it in wide)

    def _taken(self) -> str:
        file = self._console.file
        assert isinstance(file, io.StringIO)
        text = file.getvalue()
        file.seek(0)
        file.truncate()
        return text


def _size(stream: TextIO) -> Size:
    try:
        width, height = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return USUAL
    return Size(width or USUAL.width, height or USUAL.height)
