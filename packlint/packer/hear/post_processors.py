"""What an image says of its post-processors → the one that runs, and the one that has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packlint.effective import EffectiveStep
from packlint.named import NamedTuple
from packlint.packer.hear.announce import MANNERS

_RUNNING = re.compile(
    r"Running post-processor: (?:(?P<name>.*?) ?\(type (?P<type>[^()]*)\)|(?P<only>.*))", re.DOTALL
)
_FAILED = "Post-processor failed: "


class _Place(NamedTuple):
    """A post-processor by the number of its chain and its own in it."""

    chain: int
    number: int


class Afterwards:
    """Follows the post-processors of one image: chain after chain, each until one of its own fails.

    `more` tells that there may be some that are not seen.
    """

    def __init__(self, chains: Sequence[Sequence[EffectiveStep]], *, more: bool = False) -> None:
        self._chains = tuple(tuple(chain) for chain in chains)
        self._ran: list[_Place] = []
        self._begun = False
        self._lost = more

    @property
    def current(self) -> EffectiveStep | None:
        """The post-processor that runs."""
        return None if self._lost or not self._ran else self._step(self._ran[-1])

    @property
    def begun(self) -> bool:
        """Whether a post-processor has begun."""
        return self._begun

    def hear(self, text: str) -> bool:
        """Take in what Packer has said; tells whether a post-processor begins with it (packer/build.go)."""
        said = _RUNNING.fullmatch(text)
        if said is None:
            return False
        self._begun = True
        name, type_ = (said["name"], said["type"]) if said["type"] is not None else (None, said["only"])
        found = [place for place in self._next() if _is(self._step(place), name, type_)]
        self._lost = self._lost or len(found) != 1
        if not self._lost:
            self._ran.append(found[0])
        return True

    def blamed(self, text: str) -> EffectiveStep | None:
        """The post-processor that an error is of; the first where several have failed.

        One that has failed was the last one of its chain to begin.
        """
        failures = text.split(_FAILED)[1:]
        if self._lost or not failures:
            return None
        last = {place.chain: place for place in self._ran}
        short = [it for it in last.values() if any(step.certain for step in self._later(it))]
        spoken = [it for it in last.values() if _speaks(self._step(it), failures[0])]
        for found in (list(last.values()), short, spoken):
            if len(found) == len(failures):
                return self._step(found[0])
        return None

    def _step(self, place: _Place) -> EffectiveStep:
        return self._chains[place.chain][place.number]

    def _later(self, place: _Place) -> tuple[EffectiveStep, ...]:
        return self._chains[place.chain][place.number + 1 :]

    def _next(self) -> Iterator[_Place]:
        """What may begin now: one that may be left out is passed over, and a failure ends a chain."""
        at = self._ran[-1] if self._ran else _Place(-1, 0)
        for chain in range(max(at.chain, 0), len(self._chains)):
            for number in range(at.number + 1 if chain == at.chain else 0, len(self._chains[chain])):
                yield _Place(chain, number)
                if self._chains[chain][number].certain:
                    break
            if chain > at.chain and any(step.certain for step in self._chains[chain]):
                return


def _is(step: EffectiveStep, name: str | None, type_: str) -> bool:
    """Whether a step is called so: in HCL one without a name is called nothing, in JSON by its type."""
    if step.step.type != type_:
        return False
    own = step.step.name
    if own is None or own.value.zero:
        return name in (None, "", type_)
    known = own.value.known(str)
    return known is None or known == (type_ if name is None else name)


def _speaks(step: EffectiveStep, text: str) -> bool:
    manner = MANNERS.get(step.step.type)
    return manner is not None and manner.failure is not None and manner.failure.match(text) is not None
