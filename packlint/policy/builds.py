"""The builds of a template → the blocks that policies of a build look at, with the images that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

from packlint.communicator import communicator_of
from packlint.document import Range
from packlint.effective import EffectiveStep, Instance, arguments_for, instances
from packlint.guest import guest_of
from packlint.model import Argument, Build, Provisioner, SourceUse, Step
from packlint.policy.bodies import PART
from packlint.policy.components import FURTHER_SOURCES, MANY, MOST_PAIRS, Components
from packlint.policy.declarations import Blocks
from packlint.policy.subject import Subject
from packlint.traits import builder
from packlint.value import NULL, STRING, Known, Unknown, Value

FURTHER = "`dynamic` makes further steps of what is not known"


class Builds:
    """Makes the subjects of the builds of one configuration, and of their steps, each once."""

    def __init__(
        self, builds: Sequence[Build], components: Components, blocks: Blocks, complete: bool
    ) -> None:
        self.builds = builds
        self.components = components
        self.blocks = blocks
        self.complete = complete
        self.pairs = MOST_PAIRS
        self.made: dict[int, Subject] = {}
        self.provisioners = [
            [*self._steps(it.provisioners, it), *self._steps(it.error_cleanup, it, cleanup=True)]
            for it in builds
        ]
        self.post_processors = [self._steps(it.post_processors, it) for it in builds]

    def _steps(self, steps: Iterable[Step], build: Build, cleanup: bool = False) -> list[Subject]:
        found = [(id(step), self.components.step(step, build, cleanup)) for step in steps]
        self.made.update(found)
        return [subject for _, subject in found]

    def subjects(self, with_instances: bool) -> list[Subject]:
        """The builds; `with_instances` tells that it is asked for these, too."""
        return [self._build(number, it, with_instances) for number, it in enumerate(self.builds)]

    def _build(self, number: int, build: Build, with_instances: bool) -> Subject:
        provisioners = self.provisioners[number]
        post_processors = self.post_processors[number]
        description, described = self.blocks.text(build.range, "description")
        further = self._further(build.open, FURTHER_SOURCES)
        steps = self._further(build.open_steps, FURTHER)
        name = build.name.value if build.name is not None else NULL
        value: dict[str, Value] = {
            "name": name,
            "description": description,
            "sources": further or Known(tuple(Known(it.key, STRING) for it in build.uses)),
            "provisioners": steps or listed(provisioners),
            "post_processors": steps or listed(post_processors),
        }
        inner: dict[str, Sequence[Subject]] = {
            "provisioners": provisioners,
            "post_processors": post_processors,
        }
        if with_instances:
            made, why = self._instances(build)
            value["instances"], inner["instances"] = further or why or listed(made), made
        return Subject(
            f"build `{name.known(str)}`" if name.known(str) and not name.sensitive else "build",
            Known(value),
            build.header_range,
            written=_written(build, described),
            inner=inner,
        )

    def forms(self, kind: Literal["provisioner", "post_processor"]) -> Iterator[Subject]:
        """The steps as policies of their target look at them: in each form in which sources have them."""
        for build in self.builds:
            if kind == "post_processor":
                yield from chain.from_iterable(self._forms(it, build) for it in build.post_processors)
                continue
            yield from chain.from_iterable(self._forms(it, build) for it in build.provisioners)
            yield from chain.from_iterable(self._forms(it, build, cleanup=True) for it in build.error_cleanup)

    def _forms(self, step: Step, build: Build, cleanup: bool = False) -> list[Subject]:
        """A step as it is written, where a source has it so, and as each other source has it."""
        itself = self.made[id(step)]
        override = step.override if isinstance(step, Provisioner) else None
        told = override is None or override.value.entries is not None
        if not told or (override is None and not step.by_source):
            return [itself]
        self.pairs -= len(build.uses)
        if self.pairs < 0:
            return [itself]
        runs = [(use, arguments_for(step, use)) for use in build.uses if step.runs_on(use) is not False]
        plain = [use for use, arguments in runs if arguments is step.arguments]
        runs_on = (itself.value.entries or {})["runs_on"]
        found = [
            self.components.effective(step, arguments, use, runs_on, cleanup)
            for use, arguments in runs
            if arguments is not step.arguments
        ]
        if build.open or not found:
            return [itself, *found]
        if plain:
            found.insert(0, self.components.effective(step, step.arguments, plain[0], runs_on, cleanup))
        return found

    def _further(self, is_open: bool, why: str) -> Unknown | None:
        if is_open:
            return Unknown(why)
        return None if self.complete else Unknown(PART)

    def _instances(self, build: Build) -> tuple[list[Subject], Unknown | None]:
        """The images of a build; none, and why, where there are too many of them and of steps."""
        steps = len(build.provisioners) + len(build.error_cleanup) + len(build.post_processors)
        self.pairs -= len(build.uses) * (1 + steps)
        if self.pairs < 0:
            return [], Unknown(MANY)
        return [self._instance(it, build) for it in instances(build)], None

    def _instance(self, instance: Instance, build: Build) -> Subject:
        use = instance.use
        component, found, arguments = self.components.of_use(use)
        provisioners = self._effective(instance.provisioners, use)
        cleanups = self._effective(instance.error_cleanup, use, cleanup=True)
        post_processors = self._effective(instance.post_processors, use)
        before = _uncertain((*instance.provisioners, *instance.error_cleanup))
        after = _uncertain(instance.post_processors)
        steps = self._further(build.open_steps, FURTHER)
        self.components.bodies.left -= len(found)
        value: dict[str, Value] = {
            **found,
            "type": Known(use.type, STRING),
            "name": Known(use.local_name, STRING),
            "arguments": arguments,
            "address": _text(instance.address, "the name of the build is not known"),
            "guest": _text(_guest(use), "nothing tells the guest for certain"),
            "communicator": _communicator(use),
            "provisioners": steps or before or listed([*provisioners, *cleanups]),
            "post_processors": steps or after or listed(post_processors),
        }
        return Subject(
            f"`{instance.address or use.key}`",
            Known(value),
            use.range,
            use.arguments,
            component,
            written={"type": use.range, "name": use.range},
            inner={"provisioners": [*provisioners, *cleanups], "post_processors": post_processors},
            complete=self.complete,
        )

    def _effective(
        self, steps: Iterable[EffectiveStep], use: SourceUse, cleanup: bool = False
    ) -> list[Subject]:
        """The steps of one source; those that are the same for all are the subjects of the build."""
        found = []
        for it in steps:
            subject = self.made[id(it.step)]
            if it.arguments is not it.step.arguments or subject.elsewhere:
                runs_on = (subject.value.entries or {})["runs_on"]
                subject = self.components.effective(it.step, it.arguments, use, runs_on, cleanup)
            found.append(subject)
        return found


def listed(subjects: Iterable[Subject]) -> Value:
    """The values of some subjects as a list."""
    return Known(tuple(it.value for it in subjects))


def _uncertain(steps: Iterable[EffectiveStep]) -> Unknown | None:
    for it in steps:
        if not it.certain:
            return Unknown(f"it is not known whether `{it.step.type}` runs for this source")
    return None


def _text(text: str | None, why: str) -> Value:
    return Unknown(why, STRING) if text is None else Known(text, STRING)


def _guest(use: SourceUse) -> str | None:
    """The kernel that all evidence agrees on."""
    guest = guest_of(use)
    kernels = {it.system.kernel for it in guest.evidence} if guest is not None else set()
    kernels.discard(None)  # some system like Unix, as the other evidence may say
    return kernels.pop() if len(kernels) == 1 else None


def _communicator(use: SourceUse) -> Value:
    """The communicator; null of a builder that has none."""
    known = builder(use.type)
    found = communicator_of(use)
    if found is None and known is not None and known.communicator is None and not known.communicator_settable:
        return NULL
    return _text(found, f"the communicator of `{use.type}` is not known")


def _written(build: Build, described: Range | None) -> dict[str, Range | Argument]:
    written: dict[str, Range | Argument] = {}
    if build.name is not None:
        written["name"] = build.name
    if build.sources is not None:
        written["sources"] = build.sources
    if described is not None:
        written["description"] = described
    return written
