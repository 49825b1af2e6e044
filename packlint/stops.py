"""A build → where its chains of post-processors end in an error, and what would let them go on.

Packer gives each step what the one before it made, and the first step of each chain what the builder made.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from packlint.artifact import DOCKER_IMAGE, ArtifactKind, Refused, after, artifact_of
from packlint.model import Build, PostProcessor, SourceUse
from packlint.named import NamedTuple
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

MOST = 30
"""Of a longer chain no other order is looked for, nor of more chains the one that a step belongs to."""

NAMING = frozenset({"docker-import", "docker-tag", "docker-push"})
"""Steps after which an image has a name, without which `docker-push` fails: a builder's has only an id."""


@record(eq=False)
class Stop:
    """A step that fails for some sources, all in the same way.

    `maker` is the earlier step of the chain that made what is refused; None where the builder did. `wants`
    says what the step takes. `cure` tells what would let the chain go on: another `order` of its steps, the
    step then standing before `other`, or `after` it; or one chain (`join`) in which the step gets
    the artifact of `other`, in an earlier chain. None where there is no such thing.
    """

    step: PostProcessor
    chain: tuple[PostProcessor, ...]
    maker: PostProcessor | None
    uses: tuple[SourceUse, ...]
    wants: str
    cure: Literal["order", "join"] | None = None
    other: PostProcessor | None = None
    after: bool = False


class _Walk(NamedTuple):
    """What comes of a chain for one source: the steps that certainly went well, and the one that ends it."""

    passed: tuple[PostProcessor, ...]
    stopped: PostProcessor | None = None
    maker: PostProcessor | None = None
    wants: str = ""
    refused: bool = True


_Start = tuple[SourceUse, ArtifactKind]
_Chain = tuple[PostProcessor, ...]


@lru_cache(maxsize=1)
def stops(build: Build) -> tuple[Stop, ...]:
    """Where the chains of a build certainly end in an error, in the order of the chains.

    A chain is judged up to the first builder or step of which it is not known what it makes.
    """
    starts = [(use, kind) for use in build.uses if (kind := artifact_of(use)) is not None]
    found: list[Stop] = []
    for number, chain in enumerate(build.chains):
        alike: dict[tuple[int, int], list[tuple[_Start, _Walk]]] = {}
        for start in starts:
            walk = _walk(chain, *start)
            if walk.stopped is not None:
                alike.setdefault((id(walk.stopped), id(walk.maker)), []).append((start, walk))
        for cases in alike.values():
            wrong, walk = [start for start, _ in cases], cases[0][1]
            stop = _stop(chain, walk, wrong, starts, build.chains[max(0, number - MOST) : number])
            if stop is not None:
                found.append(stop)
    return tuple(found)


def _walk(chain: Iterable[PostProcessor], use: SourceUse, kind: ArtifactKind) -> _Walk:
    maker, named = None, False
    passed: list[PostProcessor] = []
    for step in chain:
        runs = step.runs_on(use)
        if runs is False:
            continue
        made = after(step, kind) if runs else None
        if isinstance(made, Refused):
            return _Walk(tuple(passed), step, maker, made.wants)
        if made is not None and step.type == "docker-push" and kind == DOCKER_IMAGE and not named:
            return _Walk(tuple(passed), step, maker, "an image that `docker-tag` gave a name", refused=False)
        if runs:
            passed.append(step)
        if made is None:
            break
        named = named or step.type in NAMING
        if made != kind:
            kind, maker = made, step
    return _Walk(tuple(passed))


def _stop(
    chain: _Chain, walk: _Walk, wrong: list[_Start], starts: list[_Start], earlier: tuple[_Chain, ...]
) -> Stop | None:
    """The stop of some sources; None where a step takes its artifact and no other step mends it."""
    step, uses = walk.stopped, tuple(use for use, _ in wrong)
    assert step is not None
    joined = _joined(step, wrong, earlier) if walk.maker is None else None
    if joined is not None:
        return Stop(step, chain, None, uses, walk.wants, "join", joined)
    moved = _moved(step, chain, wrong, starts)
    if moved is not None:
        return Stop(step, chain, walk.maker, uses, walk.wants, "order", *moved)
    return Stop(step, chain, walk.maker, uses, walk.wants) if walk.refused else None


def _joined(step: PostProcessor, wrong: list[_Start], earlier: tuple[_Chain, ...]) -> PostProcessor | None:
    """The step of an earlier chain, the nearest one, after which this one would go well."""
    for before in reversed(earlier):
        for end in range(min(len(before), MOST), 0, -1):
            if all(_goes_on((*before[:end], step), start, step, before[end - 1]) for start in wrong):
                return before[end - 1]
    return None


def _moved(
    step: PostProcessor, chain: _Chain, wrong: list[_Start], starts: list[_Start]
) -> tuple[PostProcessor, bool] | None:
    """The step of the chain that this one would have to stand before, or (True) after."""
    if not 1 < len(chain) <= MOST:
        return None
    rest, at = tuple(it for it in chain if it is not step), chain.index(step)
    for place in sorted(range(len(chain)), key=lambda place: abs(place - at)):
        order = (*rest[:place], step, *rest[place:])
        other = rest[place - 1] if place > at else rest[min(place, len(rest) - 1)]
        if (
            place != at
            and all(_goes_on(order, start, step, other) for start in wrong)
            and not any(_walk(order, *it).stopped and not _walk(chain, *it).stopped for it in starts)
        ):
            return other, place > at
    return None


def _goes_on(order: _Chain, start: _Start, *steps: PostProcessor) -> bool:
    """Whether no step of a chain fails, and these ones certainly do not."""
    walk = _walk(order, *start)
    return walk.stopped is None and all(step in walk.passed for step in steps)
