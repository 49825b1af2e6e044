"""Jobs that run → lines that show how far each of their images is, in as much room as there is."""

from __future__ import annotations

from collections import deque

from packlint.chain.images import Image
from packlint.document import Range
from packlint.named import NamedTuple
from packlint.packer.event import Event, Garbled, Said
from packlint.packer.hear.follow import Follower, Progress
from packlint.packer.job import Job, Plan
from packlint.packer.result import State
from packlint.packer.words import Marks, duration, fitted, most, shown, spoken
from packlint.quantity import count
from packlint.visible import visible

KEPT = 15
"""Lines of a job that are shown where it fails."""

WIDE, WIDER = 100, 140
"""Columns from which on a step is told with its file, and from which on the stage stands beside it."""

STAGE, STEP, TIME = 14, 28, 7
"""Columns of the stage, of the step with its file and of the time."""

FEWEST = 12
"""Columns that are left for the last line of an image; with fewer it is left out."""

LEAST = 24
"""Columns that a name may take, however narrow the terminal."""

GAP = ("  ", "")

WAITING = Progress().stage

OVER = {"finished": "green", "failed": "red", "cancelled": "magenta"}
"""Stages in which an image stays while others of its job run, with their colors."""

Styled = tuple[tuple[str, str], ...]
"""A line: texts with a style each, "" for none."""


class Size(NamedTuple):
    """Columns and lines of a terminal."""

    width: int
    height: int


class Running:
    """A job that runs: since when, what command, what Packer has said last, and when an image was over."""

    def __init__(self, job: Job, since: float) -> None:
        self.since = since
        self.verb = ""
        self.follower: Follower | None = None
        self._said: deque[Event] = deque(maxlen=KEPT)
        self._over: dict[Image, float] = {}
        self._together = job.at_once == len(job.images)

    def progress(self, image: Image) -> Progress:
        """How far an image is; before Packer has said anything about it, what Packer was asked."""
        progress = self.follower.progress(image) if self.follower else Progress()
        if progress.stage != WAITING:
            return progress
        if self.verb == "build":
            return Progress("starting", None, progress.line) if self._together else progress
        return Progress(f"packer {self.verb}", None, progress.line)

    def hear(self, event: Event) -> None:
        """Keep in mind what Packer says."""
        if isinstance(event, Said | Garbled):
            self._said.append(event)

    @property
    def last(self) -> list[str]:
        """The last lines that Packer has said."""
        return [line for event in self._said for line in spoken(event)][-KEPT:]

    def elapsed(self, image: Image, stage: str, now: float) -> float:
        """How long an image takes until now, or took."""
        return (self._over.setdefault(image, now) if stage in OVER else now) - self.since


class Picture:
    """Knows the plan, and so how wide names get: columns stand where they stood, whatever runs.

    Texts are escaped where `encoding` has no character for them. `begun` is when all began.
    """

    def __init__(self, plan: Plan, marks: Marks, encoding: str, begun: float) -> None:
        self._plan = plan
        self._marks = marks
        self._encoding = encoding
        self._begun = begun
        self._waves = len(plan.waves)
        images = [image for job in plan.jobs for image in job.images]
        self._types = {image: _types(image) for image in images}
        self._longest = max((most(self.writable(visible(image.name))) for image in images), default=0)

    def writable(self, text: str) -> str:
        """A visible text in characters that can be written."""
        return text.encode(self._encoding, "backslashreplace").decode(self._encoding)

    def lines(
        self, running: dict[Job, Running], over: dict[Job, State], now: float, size: Size
    ) -> list[Styled]:
        """A header, a row for each image that runs, in the order of the plan, and how many jobs wait.

        No line reaches the edge of the terminal; rows for which it is not high enough are counted.
        """
        width, room = size.width - 1, max(size.height - 4, 1)
        at_work = [(image, running[job]) for job in self._plan.jobs if job in running for image in job.images]
        left = len(at_work) - room if len(at_work) > room else 0
        waiting = sum(job not in over and job not in running for job in self._plan.jobs)
        foot = [f"{left} more running" if left else "", f"{count(waiting, 'job')} waiting" if waiting else ""]
        lines = [self._header(running, over, now)]
        lines += [self._row(image, job, now, width) for image, job in at_work[: len(at_work) - left]]
        if any(foot):
            lines.append(((f"  {self._dotted(foot)}", "dim"),))
        return [self._clipped(line, width) for line in lines]

    def _header(self, running: dict[Job, Running], over: dict[Job, State], now: float) -> Styled:
        waves = self._waves
        at = [job.wave for job in running] or [job.wave for job in self._plan.jobs if job not in over]
        failed = sum(state is State.FAILED for state in over.values())
        parts = [
            f"Building {_clock(now - self._begun)}",
            f"{len(over)} of {count(len(self._plan.jobs), 'job')} done",
            f"wave {min(at, default=waves - 1) + 1} of {waves}" if waves > 1 else "",
        ]
        bad = f" {self._marks.dot} {failed} failed" if failed else ""
        return ((self._dotted(parts), "bold"), (bad, "bold red"))

    def _row(self, image: Image, running: Running, now: float, width: int) -> Styled:
        """A line for an image: its name, what it is at, since when, and what it has said last."""
        progress = running.progress(image)
        elapsed = "" if progress.stage == WAITING else _clock(running.elapsed(image, progress.stage, now))
        step = self._step(image, progress.step, wide=width >= WIDE)
        name = self._cell(image.name, min(self._longest, max(width * 3 // 10, LEAST)))
        color = OVER.get(progress.stage, "cyan")
        if width >= WIDER:
            at = [(self._cell(progress.stage, STAGE), color), (self._cell(step, STEP), "")]
        else:
            at = [(self._cell(step or progress.stage, STEP if width >= WIDE else STAGE), color)]
        cells = [(name, ""), *at, (f"{elapsed:>{TIME}}", "")]
        room = width - 2 - sum(most(text) + 2 for text, _ in cells)
        if room >= FEWEST:
            last = self.writable(shown(progress.line.strip()))
            cells.append((fitted(last, room, self._marks.cut, at_end=True), "dim"))
        first, *rest = cells
        return ((f"{self._marks.running} ", "cyan"), first, *(it for cell in rest for it in (GAP, cell)))

    def _step(self, image: Image, place: Range | None, *, wide: bool) -> str:
        """The step of the template that runs: `shell base.pkr.hcl:12`, or `shell:12` where that is long."""
        if place is None:
            return ""
        type_ = self._types.get(image, {}).get(place.order[:2], "")
        file = f" {place.document.path.rpartition('/')[2]}" if wide else ""
        return f"{type_}{file}:{place.first.line}".strip()

    def _cell(self, text: str, width: int) -> str:
        """A text in exactly so many columns."""
        cut = fitted(self.writable(shown(text)), width, self._marks.cut)
        return cut + " " * (width - most(cut))

    def _dotted(self, parts: list[str]) -> str:
        return f" {self._marks.dot} ".join(filter(None, parts))

    def _clipped(self, line: Styled, width: int) -> Styled:
        """The line in at most so many columns."""
        kept: list[tuple[str, str]] = []
        for text, style in line:
            kept.append((fitted(text, width, "", at_end=True), style))
            width -= most(kept[-1][0])
        return tuple(kept)


def _types(image: Image) -> dict[tuple[str, int], str]:
    """The type of each step of an image, by where it begins."""
    made = image.instance
    steps = (*made.provisioners, *made.error_cleanup, *made.post_processors)
    return {it.step.range.order[:2]: it.step.type for it in steps}


def _clock(seconds: float) -> str:
    """A time that goes on: in whole seconds."""
    return duration(float(int(max(seconds, 0.0))))
