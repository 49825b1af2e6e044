"""Which line was which: the pairs are true, and few lines are taken for changed."""

from __future__ import annotations

import random
import time

from packlint.align import align


def new_lines(old: str, new: str) -> list[int]:
    """The lines that have no old one; every pair has to be of equal lines, in order."""
    then, now = old.split(), new.split()
    pairs = align(then, now)
    assert all(then[was] == now[line] for line, was in pairs.items())
    assert sorted(pairs.values()) == [pairs[line] for line in sorted(pairs)]
    assert len(set(pairs.values())) == len(pairs)
    return [line for line in range(len(now)) if line not in pairs]


def test_small_changes_are_found_exactly() -> None:
    assert new_lines("a b c", "a b c") == []
    assert new_lines("a b c", "a x c") == [1]
    assert new_lines("a b c", "x a b c y") == [0, 4]
    assert new_lines("a b c", "a c") == []
    assert new_lines("", "a b") == [0, 1]
    assert new_lines("a { } b { }", "a { } x { } b { }") == [3, 4, 5]
    assert new_lines("{ } { } { }", "{ } { x } { }") == [3]


def test_a_line_that_is_moved_is_changed_in_one_place() -> None:
    assert len(new_lines("a b c d e", "b c d e a")) == 1


def test_pairs_are_true_for_any_texts() -> None:
    dice = random.Random(7)
    for _ in range(300):
        old = " ".join(dice.choices("abcdef}", k=dice.randrange(30)))
        new = " ".join(dice.choices("abcdef}", k=dice.randrange(30)))
        new_lines(old, new)


def test_hostile_texts_take_no_longer_than_others() -> None:
    started = time.process_time()
    align(["a", "b"] * 200_000, ["b", "b", "a"] * 200_000)
    align([str(it) for it in range(200_000)], [str(it) for it in reversed(range(200_000))])
    assert time.process_time() - started < 10
