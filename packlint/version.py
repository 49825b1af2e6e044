"""Texts of versions and constraints → versions that can be compared, and which of them are admitted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, total_ordering

from packlint.named import NamedTuple
from packlint.record import field, record, replace

_PART = r"[0-9A-Za-z~-]"
_WORDED = (
    r"v?(?P<segments>[0-9]+(?:\.[0-9]+)*)"
    rf"(?:(?:-(?P<number>[0-9]{_PART}*(?:\.{_PART}+)*))|(?:-?(?P<word>[A-Za-z~-]{_PART}*(?:\.{_PART}+)*)))?"
    rf"(?:\+(?P<metadata>{_PART}+(?:\.{_PART}+)*))?"
)
"""A version that may have more than numbers."""

_SPACE = "\t\n\f\r "
_OPERATORS = ("<=", ">=", "!=", "~>", "=", "<", ">")
"""Those of two characters first."""

LARGEST_SEGMENT = 2**63 - 1
LEAST_SEGMENTS = 3
"""A version with fewer segments is filled up with zeros."""

_Segments = tuple[int, ...]
_ENDLESS: _Segments = (LARGEST_SEGMENT + 2,)


@total_ordering
@record(eq=False)
class Version:
    """A version as hashicorp/go-version reads it, which Packer uses for its plugins and for itself.

    `segments` are at least three; `written` says how many of them stood in the text. Versions are compared
    by go-version's `Compare`: `1.2` equals `1.2.0` and `1.2.0+any`, a prerelease comes before its release.
    Of two prereleases, of which one goes on with a word where the other ends, the shorter is the newer
    (`alpha` > `alpha.beta`, but `alpha` < `alpha.1`), so that three prereleases may stand in a circle.
    """

    segments: tuple[int, ...]
    written: int
    prerelease: str = ""
    metadata: str = ""

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """The version in a text such as `1.2`, `v1.2.3-beta.1` or `1.7rc2`; `None` where it is none."""
        return _version(text)

    def compare(self, other: Version) -> int:
        """Negative, zero or positive as this version is older than the other, equal or newer."""
        if self.segments == other.segments:
            return _compare_prereleases(self.prerelease, other.prerelease)
        ours, theirs = _significant(self.segments), _significant(other.segments)
        return (ours > theirs) - (ours < theirs)

    def __eq__(self, other: object) -> bool:
        return self.compare(other) == 0 if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: Version) -> bool:
        return self.compare(other) < 0

    def __hash__(self) -> int:
        return hash(_significant(self.segments))

    def __str__(self) -> str:
        prerelease = f"-{self.prerelease}" if self.prerelease else ""
        metadata = f"+{self.metadata}" if self.metadata else ""
        return ".".join(map(str, self.segments)) + prerelease + metadata


class Reach(NamedTuple):
    """On which sides of a point in time the admitted versions lie; both false: none is admitted."""

    before: bool
    since: bool

    @property
    def certain(self) -> bool:
        """Whether every admitted version has what came at that point; there is at least one."""
        return self.since and not self.before

    @property
    def impossible(self) -> bool:
        """Whether no admitted version has what came at that point; there is at least one."""
        return self.before and not self.since


@record
class Bound:
    """One constraint: an operator of `= != > >= < <= ~>` and a version."""

    operator: str
    version: Version

    def admits(self, version: Version) -> bool:
        """Whether a version satisfies it: `Constraint.Check` of go-version.

        A prerelease satisfies an inequality only if the constraint names one of the same segments. `~> 1.2`
        fixes all but the last written segment, so that `~> 1` fixes none: it admits 2.0.
        """
        order = version.compare(self.version)
        match self.operator:
            case "=":
                return order == 0
            case "!=":
                return order != 0
        if version.prerelease and (not self.version.prerelease or version.segments != self.version.segments):
            return False
        match self.operator:
            case ">":
                return order > 0
            case ">=":
                return order >= 0
            case "<":
                return order < 0
            case "<=":
                return order <= 0
        fixed = self.version.written - 1
        return (
            order >= 0
            and (not self.version.prerelease or bool(version.prerelease))
            and len(version.segments) >= len(self.version.segments)
            and version.segments[:fixed] == self.version.segments[:fixed]
        )

    def span(self, depth: int) -> tuple[_Segments, _Segments]:
        """The releases of `depth` segments that satisfy it, from the first to before the second.

        `!=` takes one release out of all and spans them all.
        """
        at = _filled(self.version.segments, depth)
        past = at if self.version.prerelease else _next(at)
        zero: _Segments = (0,) * depth
        match self.operator:
            case "=":
                return at, past
            case ">":
                return past, _ENDLESS
            case ">=":
                return at, _ENDLESS
            case "<":
                return zero, at
            case "<=":
                return zero, past
            case "~>":
                fixed = self.version.segments[: self.version.written - 1]
                end = _filled(_next(fixed), depth) if fixed else _ENDLESS
                return at, at if self.version.prerelease else end
        return zero, _ENDLESS


@record
class Constraints:
    """Constraints of which all must hold: a text's, or several texts'; none: all versions.

    What is asked about the versions they admit is asked about releases, written with as many segments as
    the longest version that takes part (three as a rule): Packer refuses prereleases in `required_plugins`
    and compares `required_version` with its own version without its prerelease
    (hcl2template/version_required.go).
    """

    bounds: tuple[Bound, ...] = ()
    _longest: int = field(init=False, repr=False, compare=False)
    _firsts: dict[_Segments, _Segments | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _reached: dict[tuple[_Segments, bool], Reach] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was asked before: the same few points in time come up for every component of a template."""

    def __post_init__(self) -> None:
        longest = max((len(bound.version.segments) for bound in self.bounds), default=LEAST_SEGMENTS)
        object.__setattr__(self, "_longest", longest)

    @staticmethod
    def parse(text: str) -> Constraints | None:
        """The constraints in a text such as `>= 1.2, < 2`; `None` where go-version would not take it."""
        return _constraints(text)

    def admits(self, version: Version) -> bool:
        """Whether a version satisfies all of them."""
        return all(bound.admits(version) for bound in self.bounds)

    @property
    def lowest(self) -> Version | None:
        """The oldest release they admit; `None` if they admit none."""
        depth = self._longest
        found = self._first((0,) * depth)
        return Version(found, depth) if found is not None else None

    def reach(self, version: Version) -> Reach:
        """Whether they admit some release before this version, and whether some at or after it."""
        return self._reach(version.segments, after=False)

    def reach_after(self, version: Version) -> Reach:
        """Whether they admit some release up to and with this version, and whether some that is newer."""
        return self._reach(version.segments, after=not version.prerelease)

    def _reach(self, segments: _Segments, after: bool) -> Reach:
        if (segments, after) not in self._reached:
            at = _filled(segments, self._longest)
            at = _next(at) if after else at
            lowest = self._first((0,) * len(at))
            reach = Reach(lowest is not None and lowest < at, self._first(at) is not None)
            self._reached[segments, after] = reach
        return self._reached[segments, after]

    def _first(self, start: _Segments) -> _Segments | None:
        """The oldest release from `start` on that they admit."""
        if start not in self._firsts:
            self._firsts[start] = self._found(start)
        return self._firsts[start]

    def _found(self, start: _Segments) -> _Segments | None:
        depth = len(start)
        spans = [bound.span(depth) for bound in self.bounds]
        at = max([start, *(first for first, _ in spans)])
        end = min([_ENDLESS, *(past for _, past in spans)])
        excluded = set(self._excluded(depth))
        while at in excluded:
            at = _next(at)
        return at if at < end else None

    def _excluded(self, depth: int) -> Iterator[_Segments]:
        for bound in self.bounds:
            if bound.operator == "!=" and not bound.version.prerelease:
                yield _filled(bound.version.segments, depth)


ANY_VERSION = Constraints()


@record
class Milestone:
    """A point in the history of a plugin, or of Packer while it brought the component along (`of_packer`).

    The point is the version itself; with `after` it is whatever release came next.
    """

    version: Version
    of_packer: bool = False
    after: bool = False

    @classmethod
    def parse(cls, text: str, latest: Version | None = None) -> Milestone | None:
        """`v1.2.0`, `packer v1.5.0`, or `unreleased`, which is after the `latest` release; else `None`."""
        if text == "unreleased":
            return cls(latest, after=True) if latest else None
        return _milestone(text)

    @property
    def passed(self) -> Milestone:
        """The point right after this one: where something is missing of which this version was the last."""
        return replace(self, after=True)

    def reach(self, plugin: Constraints | None, packer: Constraints) -> Reach:
        """On which sides of it the versions lie that a template admits of a plugin and of Packer.

        `plugin` is `None` where the template does not require the plugin: whichever version Packer brought
        along or finds installed is used, so that a point in the plugin's own history may lie on either side.
        Whatever a plugin had when it left Packer, every release of its own has had. For a component of
        Packer itself, whose history is Packer's, the caller gives Packer's constraints as both.
        """
        if self.of_packer:
            return self._within(packer) if plugin is None else Reach(before=False, since=True)
        return self._within(plugin) if plugin is not None else Reach(before=True, since=True)

    def _within(self, constraints: Constraints) -> Reach:
        return constraints.reach_after(self.version) if self.after else constraints.reach(self.version)


@lru_cache(maxsize=256)
def _version(text: str) -> Version | None:
    segments, prerelease, metadata = text.removeprefix("v"), "", ""
    if not all(map(_is_digits, segments.split("."))):
        match = re.fullmatch(_WORDED, text)
        if match is None:
            return None
        segments, metadata = match["segments"], match["metadata"] or ""
        prerelease = match["number"] or match["word"] or ""
    numbers = [_integer(segment) for segment in segments.split(".")]
    known = tuple(number for number in numbers if number is not None)
    if len(known) < len(numbers):
        return None
    return Version(_filled(known, LEAST_SEGMENTS), len(known), prerelease, metadata)


@lru_cache(maxsize=256)
def _milestone(text: str) -> Milestone | None:
    version = Version.parse(text.removeprefix("packer "))
    return Milestone(version, of_packer=text.startswith("packer ")) if version else None


@lru_cache(maxsize=64)
def _constraints(text: str) -> Constraints | None:
    bounds = [_bound(part) for part in text.split(",")]
    found = tuple(bound for bound in bounds if bound is not None)
    return Constraints(found) if len(found) == len(bounds) else None


def _bound(text: str) -> Bound | None:
    text = text.strip(_SPACE)
    operator = next(filter(text.startswith, _OPERATORS), "")
    version = Version.parse(text.removeprefix(operator).lstrip(_SPACE))
    return Bound(operator or "=", version) if version else None


def _integer(text: str) -> int | None:
    """A number that fits 64 bits with a sign; `None` otherwise, for then Go reads none."""
    if not _is_digits(text.removeprefix("-")):
        return None
    digits = text.lstrip("-0")
    number = int(digits or "0") if len(digits) <= len(str(LARGEST_SEGMENT)) else LARGEST_SEGMENT + 1
    return None if number > LARGEST_SEGMENT else -number if text.startswith("-") else number


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _filled(segments: _Segments, depth: int) -> _Segments:
    return segments + (0,) * (depth - len(segments))


def _next(segments: _Segments) -> _Segments:
    """The next release of as many segments; the empty prefix of all versions stays empty."""
    return (*segments[:-1], segments[-1] + 1) if segments else segments


def _significant(segments: _Segments) -> _Segments:
    end = len(segments)
    while end and segments[end - 1] == 0:
        end -= 1
    return segments[:end]


def _compare_prereleases(ours: str, theirs: str) -> int:
    if ours == theirs:
        return 0
    if not ours or not theirs:
        return 1 if not ours else -1
    left, right = ours.split("."), theirs.split(".")
    for mine, other in zip(left, right, strict=False):
        if mine != other:
            return _compare_parts(mine, other)
    longer = left if len(left) > len(right) else right
    newer = 1 if longer is left else -1
    return newer if _integer(longer[min(len(left), len(right))]) is not None else -newer


def _compare_parts(ours: str, theirs: str) -> int:
    left, right = _integer(ours), _integer(theirs)
    if left is not None and right is not None and left != right:
        return 1 if left > right else -1
    if (left is None) != (right is None):
        return 1 if left is None else -1
    return 1 if ours > theirs else -1
