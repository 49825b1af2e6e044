"""What Packer says, event by event → how far each image of a job is, what it made, and where it failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from packlint.chain.images import Image
from packlint.document import Range
from packlint.packer.event import Artifact, Event


class Progress(NamedTuple):
    """How far an image is: the stage in words, the step of the template, if one runs, and the last line."""

    stage: str = "waiting"
    step: Range | None = None
    line: str = ""


class Follower:
    """Follows one run of Packer; events may come in any order and name images that there are not."""

    def __init__(self, images: Sequence[Image]) -> None:
        self.images = images

    def hear(self, event: Event) -> None:
        """Take an event in."""

    def progress(self, image: Image) -> Progress:
        """How far an image is."""
        raise NotImplementedError

    def artifacts(self, image: Image) -> tuple[Artifact, ...]:
        """What has been made of an image, as far as Packer has told."""
        raise NotImplementedError

    def failure(self, image: Image) -> tuple[str, Range | None] | None:
        """Why an image has failed and the step of the template that did, as far as that is told."""
        raise NotImplementedError

    def finished(self, image: Image) -> bool:
        """Whether Packer has said that an image is made."""
        raise NotImplementedError
