"""How runs of Packer went → a table of the images, what failed and where, and a sentence that sums it up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from packlint.document import Range
from packlint.packer.event import Artifact
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.words import (
    COLORS,
    Marks,
    counted,
    duration,
    fitted,
    folded,
    marks,
    most,
    shown,
    span,
)
from packlint.quantity import count
from packlint.report import Look
from packlint.report.frame import WIDTH, frame, gutter, wrapped
from packlint.report.mask import Mask
from packlint.report.tally import Style, style_of
from packlint.visible import visible

GAP = "  "

FEWEST = 16
"""Columns that are left for what was made, or for why nothing was; with fewer it is left out."""

NARROWEST = 40
"""Columns of an excerpt at least."""

ERROR_LINES = 12
"""Lines of Packer's words for a failure that are shown; the log has all."""

_IN_THE_WAY = re.compile(r"Output directory\b.*\b(?:already )?exists\b", re.IGNORECASE)
"""What the plugins say where an earlier build has left what they are to make."""

_States = tuple[ImageResult, JobResult]


def table(
    results: Sequence[JobResult],
    width: int,
    colored: bool,
    *,
    sensitive: Iterable[Range] = (),
    encoding: str | None = "utf-8",
) -> str:
    """The images in the order of the plan, each failure in detail, and one sentence; "" without an image.

    It is at most `width` columns wide where names and words allow, and no line of it is steered by what a
    template or Packer says. `sensitive` are the places whose text is masked in excerpts, in the order of each
    file, and `encoding` says whether there may be other signs than ASCII.
    """
    rows = [(image, result) for result in results for image in result.images]
    if not rows:
        return ""
    style, signs = style_of(Look(color=colored)), marks(encoding)
    mask = Mask(sensitive)
    failures = [
        "\n".join(_failure(image, result, style, mask, width))
        for image, result in rows
        if image.state is State.FAILED
    ]
    blocks = [
        "\n".join(_rows(rows, width, style, signs)),
        *failures,
        "\n".join(_troubles(results, width, style)),
        _sentence(results, width, style),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _rows(rows: Sequence[_States], width: int, style: Style, signs: Marks) -> Iterator[str]:
    states = max(len("state"), *(len(image.state.value) for image, _ in rows))
    times = max(len("time"), *(len(_time(*row)) for row in rows))
    fixed = 2 + len(GAP) * 2 + states + times
    longest = max(len("image"), *(most(visible(image.image.name)) for image, _ in rows))
    names = min(longest, max(FEWEST, width - fixed - len(GAP) - FEWEST))
    room = width - fixed - names - len(GAP)
    head = GAP.join((f"  {'image':<{names}}", f"{'state':<{states}}", f"{'time':>{times}}"))
    yield style(f"{head}{GAP}artifacts" if room >= FEWEST else head, bold=True)
    for image, result in rows:
        name = fitted(visible(image.image.name), names, signs.cut)
        state = style(f"{image.state.value:<{states}}", fg=COLORS[image.state])
        mark = style(signs.states[image.state], fg=COLORS[image.state])
        padded = name + " " * (names - most(name))
        last = _last(image, room, style, signs) if room >= FEWEST else ""
        yield GAP.join((f"{mark} {padded}", state, f"{_time(image, result):>{times}}", last)).rstrip()


def _time(image: ImageResult, result: JobResult) -> str:
    ran = result.started and image.state not in (State.UNCHANGED, State.SKIPPED)
    return duration(result.seconds) if ran else ""


def _last(image: ImageResult, room: int, style: Style, signs: Marks) -> str:
    """What was made, or else why nothing was; the error of a failure has a place of its own."""
    # Packer tells an artifact again for each post-processor that passes it on.
    made = dict.fromkeys(text for artifact in image.artifacts for text in _names(artifact))
    if made:
        return _some(tuple(made), room, signs)
    if image.state is State.FAILED:
        return ""
    reason = fitted(shown(" ".join(image.because.split())), room, signs.cut, at_end=True)
    return style(reason, dim=True) if reason else ""


def _names(artifact: Artifact) -> Sequence[str]:
    """The files of an artifact, or what else it is known by."""
    return artifact.files or [*filter(None, (artifact.id or artifact.string,))]


def _some(made: Sequence[str], room: int, signs: Marks) -> str:
    """As many as there is room for, and how many more there are."""
    text = ""
    for number, name in enumerate(map(shown, made)):
        longer = f"{text}, {name}" if text else name
        left = len(made) - number - 1
        if most(longer) + len(f" and {left} more" if left else "") > room:
            break
        text = longer
    else:
        return text
    if text:
        return f"{text} and {len(made) - number} more"
    more = f" and {len(made) - 1} more" if len(made) > 1 else ""
    return fitted(shown(made[0]), room - len(more), signs.cut) + more


def _failure(image: ImageResult, result: JobResult, style: Style, mask: Mask, width: int) -> Iterator[str]:
    """What failed, the step of the template, Packer's words for it, and where the rest is to be read."""
    paint, dim = partial(style, fg="red", bold=True), partial(style, fg="blue")
    said = image.because.strip("\r\n").split("\n") if image.because else []
    name = f"`{visible(image.image.name)}` has failed"
    yield paint("error") + style(f": {name}", bold=True)
    place = image.place
    margin = gutter([place]) if place else 1
    shown_in = min(max(width, NARROWEST), WIDTH)
    if place is not None:
        yield dim(f"{'':{margin}}-->") + f" {visible(place.document.path)}:{place.first.line}"
        if code := frame(place, margin, "^", mask=mask, paint=paint, dim=dim, width=shown_in):
            yield dim(f"{'':{margin}} |")
            yield from code
    edge = f"{'':{margin}} |"
    for line in said[:ERROR_LINES]:
        for part in folded(shown(line), max(width - len(edge) - 1, FEWEST)):
            yield dim(edge) + f" {part}".rstrip()
    if len(said) > ERROR_LINES:
        yield dim(edge) + f" and {count(len(said) - ERROR_LINES, 'more line')}"
    if _IN_THE_WAY.search(image.because):
        yield dim(f"{'':{margin}} = ") + "hint: `--force` has Packer delete what an earlier build has left"
    if result.log:
        yield dim(f"{'':{margin}} = ") + f"log: {visible(result.log)}"


def _troubles(results: Sequence[JobResult], width: int, style: Style) -> Iterator[str]:
    """What went wrong beside Packer."""
    for result in results:
        for trouble in result.troubles:
            first, *rest = wrapped(f"`{result.job.name}`: {trouble}", "warning: ", " " * 9, width)
            yield style("warning", fg="yellow", bold=True) + first[7:]
            yield from rest


def _sentence(results: Sequence[JobResult], width: int, style: Style) -> str:
    begun, seconds = span(results)
    states = {image.state for result in results for image in result.images}
    good = not states & {State.FAILED, State.SKIPPED, State.STOPPED}
    took = f" in {duration(seconds)}" if begun else ""
    lines = wrapped(f"{counted(results)}{took}", width=width)
    return "\n".join(style(line, bold=True, fg="green" if good else "red") for line in lines)
