"""Records: what `packlint.record` makes of a class."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import ClassVar

import pytest

from packlint.record import field, fields, is_record, record, replace


@record
class Point:
    """Two numbers, compared by value."""

    unit: ClassVar[str] = "cm"
    x: int
    y: int = 2
    note: str = field(default="", compare=False, repr=False)


@record
class Deep(Point):
    """One more, and one that is worked out."""

    z: int = 3
    seen: list[int] = field(default_factory=list)
    sum: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sum", self.x + self.y + self.z)


@record(eq=False)
class Place:
    """Compared by identity."""

    name: str


@record(frozen=False)
class Open:
    """May be changed."""

    count: int = 0


def test_values_are_given_by_position_by_name_or_not_at_all() -> None:
    assert (Point(1).y, Point(1, 5).y, Point(x=1, y=6).y) == (2, 5, 6)
    with pytest.raises(TypeError, match="x"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="w"):
        Point(1, w=3)  # type: ignore[call-arg]


def test_fields_of_bases_come_first_and_factories_make_for_each() -> None:
    assert [it.name for it in fields(Deep)] == ["x", "y", "note", "z", "seen", "sum"]
    one, two = Deep(1), Deep(1)
    assert one.sum == 6
    assert one.seen == [] and one.seen is not two.seen


def test_equal_values_are_equal_and_have_one_hash() -> None:
    assert Point(1, 2, "a") == Point(1, 2, "b")
    assert len({Point(1), Point(1, 2, "b"), Point(2)}) == 2
    assert Point(1) != Deep(1)
    assert Place("a") != Place("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Open())


def test_nothing_can_be_changed_or_added() -> None:
    for name in ("x", "other"):
        with pytest.raises(AttributeError):
            setattr(Point(1), name, 3)
    with pytest.raises(AttributeError):
        del Point(1).x  # type: ignore[misc]
    changed = Open()
    changed.count += 1
    assert changed.count == 1
    assert not hasattr(changed, "__dict__")


def test_replace_makes_another() -> None:
    first = Deep(1, note="n")
    other = replace(first, z=10)
    assert (other.z, other.sum, other.note, first.z) == (10, 13, "n", 3)


def test_what_is_pickled_comes_back_as_it_was() -> None:
    there = Deep(1, note="n", seen=[4])
    object.__setattr__(there, "sum", 99)
    back = pickle.loads(pickle.dumps(there))
    assert (back, back.note, back.seen, back.sum) == (there, "n", [4], 99)


def test_what_is_shown_names_the_fields() -> None:
    assert repr(Point(1, note="n")) == "Point(x=1, y=2)"


def test_a_record_can_be_matched_and_told() -> None:
    match Point(1, 7):
        case Point(x, y):
            assert (x, y) == (1, 7)
    assert is_record(Point) and is_record(Point(1)) and not is_record(int)


def test_nouns_are_there_without_the_modules_that_make_dataclasses() -> None:
    code = "import packlint.syntax, packlint.model, sys; sys.exit('dataclasses' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_not_guarded_is_filled_without_its_setters_and_compares_all_the_same() -> None:
    @record(guarded=False)
    class Plain:
        one: int
        two: int = 2

    plain = Plain(1)
    assert (plain.one, plain.two) == (1, 2)
    assert plain == Plain(1, 2) and len({plain, Plain(1)}) == 1
    assert type(plain).__setattr__ is object.__setattr__


def test_classes_with_such_fields_have_code_of_their_own_names() -> None:
    @record
    class Near:
        near: int
        seen: list[int] = field(default_factory=list)
        kept: int = field(default=7, init=False)

    @record
    class Far:
        far: int
        seen: list[int] = field(default_factory=list)
        kept: int = field(default=8, init=False)

    assert (Near(1).near, Near(near=2).kept, Far(3, [4]).seen, Far(far=5).kept) == (1, 7, [4], 8)
    with pytest.raises(TypeError, match=r"Far\.__init__\(\) got an unexpected keyword argument 'near'"):
        Far(near=1)  # type: ignore[call-arg]


def test_a_field_that_must_be_given_follows_none_that_need_not() -> None:
    @record
    class Wrong:
        one: int = 1
        two: int  # type: ignore[misc]

    with pytest.raises(TypeError, match=r"Wrong: .* two"):
        Wrong(1, 2)


def test_a_class_that_derives_from_a_record_and_is_none_itself_is_filled_as_that() -> None:
    class Told(Point):
        """More to call, and nothing more to give."""

    assert (Told(1).x, Told(2, y=5).y, Point(3).x) == (1, 5, 3)
