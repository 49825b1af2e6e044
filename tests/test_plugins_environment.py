"""How the entry points of installed packages are found, and found anew when packages have changed."""

from __future__ import annotations

import marshal
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from packlint import cache, environment
from packlint.environment import EntryPoint, entry_points

GROUP = "packlint-test"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, the only one, none of which was touched lately; and a cache of its own."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder)])
    monkeypatch.setattr(sys, "meta_path", [it for it in sys.meta_path if "__editable__" not in str(it)])
    monkeypatch.setattr(cache, "SETTLED", -(10**12))
    return folder


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The groups that have been looked for."""
    found: list[str] = []
    real: Callable[[str], list[EntryPoint]] = environment._looked_for

    def looked_for(group: str) -> list[EntryPoint]:
        found.append(group)
        return real(group)

    monkeypatch.setattr(environment, "_looked_for", looked_for)
    return found


def package(folder: Path, name: str, said: str = "") -> Path:
    """Installs a package, which may name something."""
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    if said:
        say(place, said)
    return place


def say(place: Path, *values: str) -> None:
    lines = (f"it{number} = {value}" for number, value in enumerate(values))
    (place / "entry_points.txt").write_text("\n".join((f"[{GROUP}]", *lines)) + "\n", encoding="utf-8")


def values() -> list[tuple[str, str]]:
    return [tuple(it) for it in entry_points(GROUP)]


def test_they_are_looked_for_once(site: Path, looked: list[str]) -> None:
    package(site, "acme", "acme.rules")
    assert values() == values() == [("acme.rules", "acme")]
    assert looked == [GROUP]


def test_of_many_environments_the_last_are_kept(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "MOST", 3)
    package(site, "one", "a.b:c")
    for number in range(5):
        monkeypatch.setattr(sys, "path", [str(site), str(tmp_path / f"other{number}")])
        assert entry_points(GROUP) == [EntryPoint("a.b:c", "one")]
    assert len([*(tmp_path / "cache/plugins").iterdir()]) == 3


def test_one_that_is_installed_or_removed_is_noticed(site: Path) -> None:
    package(site, "acme", "acme.rules")
    assert values() == [("acme.rules", "acme")]
    other = package(site, "other", "other")
    assert values() == [("acme.rules", "acme"), ("other", "other")]
    rmtree(other)
    assert values() == [("acme.rules", "acme")]


def test_one_that_says_something_else_is_noticed(site: Path) -> None:
    first, second = package(site, "acme", "acme.rules"), package(site, "silent")
    assert values() == [("acme.rules", "acme")]
    say(first, "acme.others")  # as long, and in the same file
    assert values() == [("acme.others", "acme")]
    say(second, "silent")
    assert values() == [("acme.others", "acme"), ("silent", "silent")]
    (first / "entry_points.txt").unlink()
    assert values() == [("silent", "silent")]


def test_another_folder_of_packages_is_noticed(site: Path, tmp_path: Path) -> None:
    package(site, "acme", "acme.rules")
    assert values() == [("acme.rules", "acme")]
    package(tmp_path / "more", "other", "other")
    sys.path.append(str(tmp_path / "more"))
    assert values() == [("acme.rules", "acme"), ("other", "other")]


def test_packages_of_a_source_folder_count(site: Path, tmp_path: Path) -> None:
    """As an old editable install has them, whose folder a `.pth` file names."""
    place = tmp_path / "source" / "acme.egg-info"
    place.mkdir(parents=True)
    (place / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", encoding="utf-8")
    sys.path.append(str(tmp_path / "source"))
    assert values() == []
    say(place, "acme.rules")
    assert values() == [("acme.rules", "acme")]
    say(place, "acme.others")
    assert values() == [("acme.others", "acme")]


def test_packages_in_an_archive_count(site: Path, tmp_path: Path) -> None:
    archive = tmp_path / "acme.zip"
    for value in ("acme.rules", "acme.others"):
        package(tmp_path / value, "acme", value)
        with zipfile.ZipFile(archive, "w") as file:
            for path in (tmp_path / value).rglob("*"):
                file.write(path, path.relative_to(tmp_path / value))
        sys.path[1:] = [str(archive)]
        assert values() == [(value, "acme")]


def test_what_has_just_changed_is_not_kept(
    site: Path, looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On some file systems what comes next might have the same time."""
    monkeypatch.setattr(cache, "SETTLED", 10**12)
    package(site, "acme", "acme.rules")
    assert values() == values() == [("acme.rules", "acme")]
    assert looked == [GROUP, GROUP]


@pytest.mark.parametrize(
    "blob",
    [b"", b"\x00", marshal.dumps(None), marshal.dumps(([], 5)), marshal.dumps(([(5, 5)], []))],
)
def test_what_is_kept_and_broken_costs_time_only(site: Path, looked: list[str], blob: bytes) -> None:
    package(site, "acme", "acme.rules")
    cache.write(environment._name(GROUP), blob)
    assert values() == [("acme.rules", "acme")]
    assert looked == [GROUP]


def test_a_folder_that_depends_on_where_one_is_keeps_nothing(site: Path, looked: list[str]) -> None:
    sys.path.append("")
    assert values() == values() == []
    assert looked == [GROUP, GROUP]


def test_packages_that_are_found_otherwise_keep_nothing(site: Path, looked: list[str]) -> None:
    class Finder:
        @staticmethod
        def find_spec(*arguments: Any) -> None:
            return None

        @staticmethod
        def find_distributions(*arguments: Any) -> list[Any]:
            return []

    sys.meta_path.append(Finder)  # type: ignore[arg-type]
    assert values() == values() == []
    assert looked == [GROUP, GROUP]


def test_without_a_cache_all_is_found(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, os.devnull)
    package(site, "acme", "acme.rules")
    assert values() == values() == [("acme.rules", "acme")]


@pytest.mark.parametrize("value", ["os.path:join", "os.path : join", "os:path.join", "os:path.join [extra]"])
def test_what_is_named_is_imported(value: str) -> None:
    assert EntryPoint(value, "").load() is os.path.join


def test_a_module_is_imported() -> None:
    assert EntryPoint("os.path", "").load() is os.path
