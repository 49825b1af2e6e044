"""What is said of one image → how far it is, what it made, and where it failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packlint.chain.images import Image
from packlint.document import Range
from packlint.effective import EffectiveStep
from packlint.packer.event import Artifact, Said
from packlint.packer.hear.post_processors import Afterwards
from packlint.packer.hear.provisioners import Trail
from packlint.packer.hear.stages import ENDING, stage
from packlint.record import replace

MOST_SHOWN = 1000
"""Characters of the last line that are kept."""
MOST_ARTIFACTS = 1000
MOST_FILES = 10_000
_OVER = re.compile(
    r"Build '.*?' (errored|finished|failed to acquire semaphore)(?: after [^:]*?)?(?::|\.\Z)", re.DOTALL
)
_CLEANS = "Provisioning step had errors"
_STOPPED = frozenset({"finished", "failed", "cancelled"})
_NOTHING_AFTER = frozenset({"null", "file"})
"""Builders that do nothing after their provisioners (builder/null/builder.go, builder/file/builder.go)."""


class Track:
    """Follows one image, or some that have one name."""

    def __init__(self, images: Sequence[Image]) -> None:
        self.images = images
        self.stage = "waiting"
        self.line = ""
        image = images[0]
        build, instance = image.build, image.instance
        steps = instance.provisioners if len(images) == 1 else ()
        self._trail = Trail(steps, more=build.open_steps, ends=image.use.type in _NOTHING_AFTER)
        self._afterwards = Afterwards(instance.chains if len(images) == 1 else (), more=build.open_steps)
        self._cleanup = instance.error_cleanup if len(images) == 1 else ()
        self._says: EffectiveStep | None = None
        self._why: str | None = None
        self._told = False
        self._left = len(images)
        self._interrupted = False
        self._made: dict[int, Artifact] = {}
        self._files: dict[int, list[str]] = {}

    @property
    def step(self) -> Range | None:
        """The step that runs."""
        return self._says.step.header_range if self._says and self.stage not in _STOPPED else None

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """What was made, in Packer's order."""
        return tuple(replace(self._made[it], files=tuple(self._files[it])) for it in sorted(self._made))

    @property
    def failure(self) -> tuple[str, Range | None] | None:
        """Why it failed, and the step that did."""
        if self._why is None:
            return None
        if self._interrupted:
            return self._why, None
        blamed = self._afterwards.blamed(self._why) or self._of_provisioners(self._why)
        return self._why, blamed.step.header_range if blamed else None

    @property
    def finished(self) -> bool:
        """Whether Packer has said that it is made."""
        return self.stage == "finished"

    def hear(self, said: Said, text: str, by_post_processor: bool) -> None:
        """Take in a text about it, or of one of its post-processors."""
        # What runs in a machine may say the same: after a name, as a header or a message.
        over = None if said.header or said.kind == "message" else _OVER.match(text)
        if over is not None:
            self._end(over[1], text[over.end() :].strip())
            return
        self.line = next((it for it in reversed(text.split("\n")) if it.strip()), self.line)[:MOST_SHOWN]
        if self.stage in _STOPPED:
            return
        if self.stage == "waiting":
            self.stage = "starting"
        if by_post_processor:
            return
        if said.kind == "error":
            self._trail.hear(text, error=True)
        if said.kind != "error" or text.startswith("Step "):
            self._go_on(text, said.header)

    def fail(self, text: str) -> None:
        """Take in that it has failed, as Packer sums up at the end."""
        self.stage = "cancelled" if self._interrupted else "failed"
        self._why, self._told = text, True

    def make(self, index: int, key: str, values: Sequence[str]) -> None:
        """Take in a fact of an artifact (command/build.go); the values of `file` are its number and it."""
        artifact = self._made.get(index, Artifact())
        if len(self._made) >= MOST_ARTIFACTS and index not in self._made:
            return
        value = values[-1] if values else ""
        files = self._files.setdefault(index, [])
        match key:
            case "builder-id":
                artifact = replace(artifact, builder_id=value)
            case "id":
                artifact = replace(artifact, id=value)
            case "string":
                artifact = replace(artifact, string=value)
            case "file" if len(files) < MOST_FILES:
                files.append(value)
        if key != "nil":
            self._made[index] = artifact

    def interrupt(self) -> None:
        """Take in that the run was interrupted: what ends from now on has not run to its end."""
        self._interrupted = self._interrupted or self.stage not in _STOPPED

    def cancel(self) -> None:
        """Take in that the run was cancelled: nothing more will come of it."""
        if self.stage not in _STOPPED:
            self.stage = "cancelled"

    def _end(self, how: str, why: str) -> None:
        if how != "finished":
            self.stage = "cancelled" if self._interrupted else "failed"
            if not self._told:
                self._why = why
            return
        self._left -= 1
        if self.stage in _STOPPED or self._left > 0:
            return
        # Packer calls a build finished that was interrupted before its post-processors (packer/build.go).
        self.stage = "cancelled" if self._interrupted else "finished"

    def _go_on(self, text: str, header: bool) -> None:
        if text.startswith(_CLEANS):
            self.stage = "cleaning up"
            self._says = self._cleanup[0] if len(self._cleanup) == 1 and self._cleanup[0].certain else None
            self._trail.end()
        elif header and self._afterwards.hear(text):
            self.stage, self._says = "post-processing", self._afterwards.current
            self._trail.end()
        elif self.stage != "post-processing" and self._trail.hear(text, header=header):
            self.stage, self._says = "provisioning", self._trail.current
        elif header and (new := stage(text)) and self._may_be(new):
            self.stage = new
            self._says = None if new != "cleaning up" else self._says

    def _may_be(self, new: str) -> bool:
        """Whether a stage may begin: what runs in a machine may say anything (since 1.13 as Packer does)."""
        if self.stage == "provisioning":
            return new in ENDING and not self._trail.running
        return self.stage not in ("post-processing", "cleaning up")

    def _of_provisioners(self, why: str) -> EffectiveStep | None:
        return None if self._afterwards.begun else self._trail.blamed(why)
