"""What an image says, line by line → the provisioner that runs, and the one that has failed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from packlint.effective import EffectiveStep
from packlint.named import NamedTuple
from packlint.packer.hear.announce import TOO_EARLY, Mark, Speaker, plain, speaker

MOST_PLACES = 64
"""More places than these where a build may be are as good as none."""
_MOST_PASSED = 256
"""Provisioners in a row that may be passed over unheard."""
_KEPT = 4
_RETRY = "Provisioner failed with "
_LET_OFF = "Warning: Provisioner failed with "
_FAILING = ("retry limit reached.", "Cancelling provisioner after a timeout...")
"""What Packer says of a provisioner itself (packer/provisioner.go, packer/provisioner_timeout.go)."""


class _Place(NamedTuple):
    """A provisioner by its number, the way in which it speaks, and how many of its lines it has said."""

    number: int
    way: int
    said: int


class Trail:
    """Follows the provisioners of one image, which run one after the other.

    It keeps every place that fits all that was said, so that nothing is taken for certain that is not. What
    fits none is taken for something that a machine has said, or for a provisioner that cannot be seen: until
    the next line that fits, nobody knows. `more` tells that there may be provisioners that are not seen.
    """

    def __init__(self, steps: Sequence[EffectiveStep], *, more: bool = False, ends: bool = False) -> None:
        self._speakers: tuple[Speaker, ...] = tuple(map(speaker, steps))
        self._places: tuple[_Place, ...] = ()
        self._more = more
        self._ends = ends
        self._lost = False
        self._failing = False
        self._ended = False
        self._errors: deque[str] = deque(maxlen=_KEPT)
        self._known = tuple({mark.pattern for it in self._speakers for way in it.ways for mark in way.all})
        late = {it.manner for it in self._speakers if it.manner is not None and it.manner.late}
        self._low = tuple(it.opening for it in late if it.opening is not None)

    @property
    def current(self) -> EffectiveStep | None:
        """The provisioner that has last said something of itself, where that can only be one."""
        numbers = {place.number for place in self._places}
        return self._speakers[numbers.pop()].step if len(numbers) == 1 and not self._lost else None

    @property
    def running(self) -> bool:
        """Whether a provisioner must still have something to say, or one that has will."""
        return bool(self._places) and not any(self._last(place) for place in self._places)

    def hear(self, text: str, *, header: bool = True, error: bool = False) -> bool:
        """Take in what Packer, or a machine, has said; tells whether a provisioner begins with it.

        Until 1.12 what is no `header` is of machines, save for what some provisioners say of themselves.
        """
        if self._ended:
            return False
        text = plain(text)
        self._failing = self._failing or text in _FAILING
        if error:
            self._errors.append(text)
        elif text.startswith((_RETRY, _LET_OFF)):
            self._places = tuple(self._after(again=text.startswith(_RETRY)))
            self._begun()
        elif any(pattern.fullmatch(text) for pattern in (self._known if header else self._low)):
            return self._go(text)
        return False

    def _begun(self) -> None:
        self._failing = False
        self._errors.clear()

    def _go(self, text: str) -> bool:
        found: dict[_Place, int] = {}
        for place in self._places or (None,):
            for reached, fit in self._reached(place, text):
                found[reached] = max(fit, found.get(reached, 0))
        best = max(found.values(), default=0)
        places = tuple(place for place, fit in found.items() if fit >= min(best, 2))
        # One that cannot be seen may say the same, unless a name tells them apart.
        self._lost = not 0 < len(places) <= MOST_PLACES or (self._more and best < 3)
        if 0 < len(places) <= MOST_PLACES:
            self._places = places
            self._begun()
        return bool(places)

    def end(self) -> None:
        """Take in that no provisioner will run any more."""
        self._ended = True

    def blamed(self, text: str) -> EffectiveStep | None:
        """The provisioner that an error is of; None where it may be another one's, or nobody's.

        An error in words of one type is of that type. Any other one is of the provisioner that runs, where a
        later one must have said something first, and where nothing follows that may fail without a word.
        """
        if self._lost or not self._places:
            return None
        text = plain(text.rpartition("Original Provisioning error: ")[2])
        if not text or TOO_EARLY.match(text):
            return None
        numbers, after = self._may_fail()
        after = after and not self._failing
        evidence = [text, *(error for error in self._errors if error.endswith(text))]
        spoken = {number for number in numbers if self._speaks(number, evidence)}
        if not spoken and (after or self._more):
            return None
        found = spoken or numbers
        return self._speakers[found.pop()].step if len(found) == 1 else None

    def _reached(self, place: _Place | None, text: str) -> Iterator[tuple[_Place, int]]:
        """Where a build may be that was at a place and says a text, and how well that fits."""
        following = 0
        if place is not None:
            speaker = self._speakers[place.number]
            way = speaker.ways[place.way]
            yield from _said(place, way.marks, text)
            if not way.over(place.said):
                return
            if way.loop is not None and (fit := way.loop.matches(text)):
                yield place._replace(said=len(way.marks)), fit
            following = place.number + (0 if speaker.repeats else 1)
        for number in range(following, min(len(self._speakers), following + _MOST_PASSED)):
            speaker = self._speakers[number]
            for index, way in enumerate(speaker.ways):
                yield from _said(_Place(number, index, 0), way.marks, text)
                if way.over(0) and way.loop is not None and (fit := way.loop.matches(text)):
                    yield _Place(number, index, len(way.marks)), fit
            if not speaker.silent:
                return

    def _after(self, again: bool) -> Iterator[_Place]:
        """Where a build may be after a provisioner has failed and begins again, or is let off."""
        numbers = sorted(self._may_fail()[0])
        name = "max_retries" if again else "continue_on_error"
        asked = [it for it in numbers if self._speakers[it].step.step.meta.may_set(name)]
        for number in asked or numbers:
            for index, way in enumerate(self._speakers[number].ways):
                yield _Place(number, index, 0 if again else len(way.marks))

    def _may_fail(self) -> tuple[set[int], bool]:
        """The provisioners that may be the one that runs, and whether all of them may be done."""
        numbers: set[int] = set()
        after = False
        for place in self._places:
            numbers.add(place.number)
            if not self._speakers[place.number].ways[place.way].over(place.said):
                continue
            for number in range(place.number + 1, min(len(self._speakers), place.number + _MOST_PASSED)):
                speaker = self._speakers[number]
                late = speaker.manner is not None and speaker.manner.late
                fallible = speaker.manner is None or speaker.manner.fallible
                if fallible and (late or any(way.over(0) for way in speaker.ways)):
                    numbers.add(number)
                if not speaker.silent:
                    break
            else:
                after = after or not self._ends
        return numbers, after

    def _last(self, place: _Place) -> bool:
        speakers = self._speakers[place.number + 1 :]
        over = self._speakers[place.number].ways[place.way].over(place.said)
        return over and all(speaker.silent for speaker in speakers[:_MOST_PASSED])

    def _speaks(self, number: int, evidence: Sequence[str]) -> bool:
        manner = self._speakers[number].manner
        failure = manner.failure if manner else None
        return failure is not None and any(failure.match(text) for text in evidence)


def _said(place: _Place, marks: Sequence[Mark], text: str) -> Iterator[tuple[_Place, int]]:
    """The places after the next mark that a text is; those that may be missing are passed over."""
    for said in range(place.said, len(marks)):
        if fit := marks[said].matches(text):
            yield place._replace(said=said + 1), fit
        if not marks[said].optional:
            return
