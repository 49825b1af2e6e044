"""Things that need one another → those that do so in a circle, group by group, and the shortest way round."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T", bound=Hashable)


def components(needed: Mapping[T, Sequence[T]]) -> Iterator[list[T]]:
    """The things that need one another, together, each group after those it needs (Tarjan's algorithm)."""
    number: dict[T, int] = {}
    lowest: dict[T, int] = {}  # the first thing that is reached from here and has no group yet
    ungrouped: list[T] = []
    for root, first in needed.items():
        path = [] if root in number else [(root, iter(first))]
        while path:
            thing, rest = path[-1]
            if thing not in number:
                number[thing] = lowest[thing] = len(number)
                ungrouped.append(thing)
            for following in rest:
                if following not in number:
                    path.append((following, iter(needed[following])))
                    break
                if following in lowest:
                    lowest[thing] = min(lowest[thing], number[following])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[thing])
                if lowest[thing] == number[thing]:
                    component = _taken(ungrouped, thing)
                    for member in component:
                        del lowest[member]
                    yield component


def circle(component: Sequence[T], needed: Mapping[T, Sequence[T]]) -> tuple[T, ...]:
    """The shortest way by which the first of a component needs itself, from there on.

    It is empty where that does not need itself.
    """
    first, within = component[0], frozenset(component)
    came_from: dict[T, T] = {}
    waiting = deque([first])
    while waiting:
        thing = waiting.popleft()
        for need in needed[thing]:
            if need == first:
                way = [thing]
                while way[-1] != first:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if need in within and need not in came_from:
                came_from[need] = thing
                waiting.append(need)
    return ()


def _taken(things: list[T], last: T) -> list[T]:
    """The things from the end of a list to the one given, taken off it."""
    taken = [things.pop()]
    while taken[-1] != last:
        taken.append(things.pop())
    return taken
