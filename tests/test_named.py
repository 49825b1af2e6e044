"""Tuples with names: what `packlint.named` makes of a class."""

from __future__ import annotations

import pickle

import pytest

from packlint.named import NamedTuple


class Pair(NamedTuple):
    """Two values, of which one may be left away."""

    one: int
    two: str = "b"

    @property
    def both(self) -> str:
        """The two as one."""
        return f"{self.one}{self.two}"


def test_it_is_a_tuple_with_names() -> None:
    one, two = pair = Pair(1, two="c")
    assert (one, two) == (pair.one, pair.two) == pair
    assert isinstance(pair, tuple) and pair[1] == "c" and pair.both == "1c"
    assert Pair(1) == (1, "b") and hash(Pair(1)) == hash((1, "b")) and Pair(1) < Pair(2)
    assert repr(pair) == "Pair(one=1, two='c')"


def test_it_takes_what_it_names_and_nothing_else() -> None:
    for given in ("()", "(1, 2, 3)", "(1, one=1)", "(1, three=1)", "(two=1)"):
        with pytest.raises(TypeError, match=r"Pair\.__new__\(\)"):
            eval(f"Pair{given}", {"Pair": Pair})


def test_nothing_can_be_changed_or_added() -> None:
    for name in ("one", "other"):
        with pytest.raises(AttributeError):
            setattr(Pair(1), name, 3)
    assert not hasattr(Pair(1), "__dict__")


def test_another_is_made_of_one() -> None:
    assert Pair(1)._replace(one=5) == Pair(5)
    assert type(Pair(1)._replace(one=5)) is Pair
    with pytest.raises(TypeError):
        Pair(1)._replace(other=5)  # type: ignore[call-arg]


def test_what_is_pickled_comes_back() -> None:
    back = pickle.loads(pickle.dumps(Pair(1)))
    assert type(back) is Pair and back == Pair(1)


def test_it_can_be_matched() -> None:
    match Pair(1):
        case Pair(one, two=two):
            assert (one, two) == (1, "b")


def test_a_default_is_followed_by_defaults_only() -> None:
    with pytest.raises(TypeError, match="Wrong"):

        class Wrong(NamedTuple):
            one: int = 1
            two: int  # type: ignore[misc]
