"""Units in waves: order, limits and conflicts hold, whatever the graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packlint.chain.apart import Hold
from packlint.chain.units import Unit
from packlint.chain.waves import over, waves
from packlint.errors import UsageError
from packlint.limits import Limits


def unit(number: int = 1, memory: int = 0, cpus: int = 0, ports: Sequence[int] = ()) -> Unit:
    """A unit of so many images, of which the waves ask for nothing else."""
    keys = frozenset(("port", str(port)) for port in ports)
    return Unit((None,) * number, ".", 0, memory, cpus, (), Hold(keys))  # type: ignore[arg-type]


UNITS = st.builds(
    unit,
    st.integers(1, 5),
    st.integers(0, 5000),
    st.integers(0, 9),
    st.lists(st.integers(1, 3), max_size=2),
)
LIMITS = st.builds(
    Limits,
    st.none() | st.integers(1, 8),
    st.none() | st.integers(1, 8000),
    st.none() | st.integers(1, 16),
)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Unit], list[frozenset[int]]]:
    units = draw(st.lists(UNITS, max_size=25))
    order = draw(st.permutations(range(len(units))))
    needed: list[frozenset[int]] = [frozenset()] * len(units)
    for place, at in enumerate(order):
        if place:
            bases = draw(st.lists(st.sampled_from(order[:place]), max_size=3))
            needed[at] = frozenset(bases)
    return units, needed


@settings(max_examples=150, deadline=None)
@given(graphs(), LIMITS)
def test_what_a_plan_promises(graph: tuple[list[Unit], list[frozenset[int]]], limits: Limits) -> None:
    units, needed = graph
    found = waves(units, needed, limits)
    assert sorted(at for wave in found for at in wave) == [*range(len(units))]
    when = {at: number for number, wave in enumerate(found) for at in wave}
    assert all(when[base] < when[at] for at, bases in enumerate(needed) for base in bases)
    for wave in found:
        together = [units[at] for at in wave]
        assert len(wave) == 1 or (
            sum(it.at_once for it in together) <= (limits.max_parallel or 4)
            and (limits.memory is None or sum(it.memory for it in together) <= limits.memory)
            and (limits.cpus is None or sum(it.cpus for it in together) <= limits.cpus)
        )
        assert all(one.hold.bears(two.hold) for one, two in combinations(together, 2))
    assert waves(units, needed, limits) == found


def test_at_most_four_at_once_where_nobody_says() -> None:
    units = [unit() for _ in range(6)]
    assert waves(units, [frozenset()] * 6, Limits()) == ((0, 1, 2, 3), (4, 5))


def test_what_a_long_chain_starts_from_comes_first() -> None:
    needed = [frozenset[int](), frozenset(), frozenset({1}), frozenset({2})]
    assert waves([unit() for _ in needed], needed, Limits(1)) == ((1,), (2,), (0,), (3,))


def test_what_is_too_large_is_alone() -> None:
    units = [unit(memory=9000), unit(memory=100), unit(number=6)]
    assert waves(units, [frozenset()] * 3, Limits(4, 8000)) == ((0,), (1,), (2,))
    assert over(units[0], Limits(4, 8000)) == "takes 9000 MB, over the limit of 8000 MB"
    assert over(units[1], Limits(4, 8000)) is None


def test_what_takes_no_memory_goes_beside_a_full_machine() -> None:
    units = [unit(memory=8000), unit(), unit(memory=1)]
    assert waves(units, [frozenset()] * 3, Limits(4, 8000)) == ((0, 1), (2,))


def test_a_circle_ends_in_an_error() -> None:
    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

    units = [Unit((Named(name),), ".") for name in "abcd"]  # type: ignore[arg-type]
    needed = [frozenset({2}), frozenset({0}), frozenset({1}), frozenset({2})]
    with pytest.raises(UsageError, match="`a` → `b` → `c` → `a`") as raised:
        waves(units, needed, Limits())
    assert raised.value.hint


@pytest.mark.parametrize("ports", [(), (1,)])
def test_thousands_take_no_time(ports: tuple[int, ...]) -> None:
    units = [unit(memory=number % 7000, ports=ports) for number in range(5000)]
    needed = [frozenset({number - 1} if number % 3 else ()) for number in range(5000)]
    start = time.process_time()
    found = waves(units, needed, Limits(4, 8000, 8))
    assert time.process_time() - start < 20
    assert not ports or len(found) == 5000
