"""What Packer says, event by event → how far each image of a job is, what it made, and where it failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from packlint.chain.images import Image
from packlint.document import Range
from packlint.named import NamedTuple
from packlint.packer.event import Artifact, Event, Failed, Made, Said
from packlint.packer.hear.image import Track

_MOST_DOTS = 16
_BY_POST_PROCESSOR = re.compile(r"(.+) \([^()]*\)", re.DOTALL)
_INTERRUPTED = "Cancelling build after receiving "
_CANCELLED = "Cleanly cancelled builds after being interrupted."


class Progress(NamedTuple):
    """How far an image is: the stage in words, the step of the template, if one runs, and the last line."""

    stage: str = "waiting"
    step: Range | None = None
    line: str = ""


class Follower:
    """Follows one run of Packer; events may come in any order and name images that there are not.

    Images that Packer calls by one name cannot be told apart: what is said of one counts for all, and no
    step of the template is named.
    """

    def __init__(self, images: Sequence[Image]) -> None:
        self.images = images
        self._tracks = {label: Track(them) for label, them in _by_label(images).items()}
        self._names = dict(_names(self._tracks))
        self._open = frozenset(it.label for it in images if it.instance.address is None)
        self._split = sorted((name for name in self._names if ": " in name), key=len, reverse=True)

    def hear(self, event: Event) -> None:
        """Take an event in."""
        match event:
            case Said():
                self._hear_said(event)
            case Failed(build, text) if track := self._track(build):
                track.fail(text)
            case Made(build, index, key, values) if track := self._track(build):
                track.make(index, key, values)

    def progress(self, image: Image) -> Progress:
        """How far an image is."""
        track = self._tracks[image.label]
        return Progress(track.stage, track.step, track.line)

    def artifacts(self, image: Image) -> tuple[Artifact, ...]:
        """What has been made of an image, as far as Packer has told."""
        return self._tracks[image.label].artifacts

    def failure(self, image: Image) -> tuple[str, Range | None] | None:
        """Why an image has failed and the step of the template that did, as far as that is told."""
        return self._tracks[image.label].failure

    def finished(self, image: Image) -> bool:
        """Whether Packer has said that an image is made."""
        return self._tracks[image.label].finished

    def _hear_said(self, said: Said) -> None:
        if not said.build:
            self._hear_about_all(said)
            return
        track, text, by_post_processor = self._resolved(said)
        if track is not None:
            track.hear(said, text, by_post_processor)

    def _hear_about_all(self, said: Said) -> None:
        if said.text.startswith(_INTERRUPTED) and said.kind == "error":
            for track in self._tracks.values():
                track.interrupt()
        elif said.text == _CANCELLED:
            for track in self._tracks.values():
                track.cancel()

    def _resolved(self, said: Said) -> tuple[Track | None, str, bool]:
        """What a text is about, without the prefix, and whether one of its post-processors says it.

        A name with `: ` in it was cut there, and each line of the text begins with the rest.
        """
        whole = f"{said.build}: {said.text}"
        for name in self._split:
            match = re.match(rf"{re.escape(name)}( \([^()]*\))?:(?: |\Z)", whole)
            if match:
                rest = match[0][len(said.build) + 2 :]
                text = "\n".join(line.removeprefix(rest) for line in said.text.split("\n"))
                return self._names[name], text, match[1] is not None
        if track := self._track(said.build):
            return track, said.text, False
        match = _BY_POST_PROCESSOR.fullmatch(said.build)
        return (self._track(match[1]) if match else None), said.text, True

    def _track(self, name: str) -> Track | None:
        """The images that Packer calls so; of a build whose name is not known, by what follows it."""
        if (track := self._names.get(name)) is not None:
            return track
        rest = name
        for _ in range(_MOST_DOTS if self._open else 0):
            rest = rest.partition(".")[2]
            if rest in self._open:
                return self._tracks[rest]
        return None


def _by_label(images: Iterable[Image]) -> dict[str, list[Image]]:
    found: dict[str, list[Image]] = {}
    for image in images:
        found.setdefault(image.label, []).append(image)
    return found


def _names(tracks: dict[str, Track]) -> Iterator[tuple[str, Track]]:
    """What Packer may call images: by their labels, or before 1.8.6 by a legacy builder's name alone."""
    older: dict[str, list[Track]] = {}
    for track in tracks.values():
        written = track.images[0].use.written
        if written is not None and written not in tracks:
            older.setdefault(written, []).append(track)
    yield from ((name, them[0]) for name, them in older.items() if len(them) == 1)
    yield from tracks.items()
