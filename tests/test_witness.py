"""What a run sees is noted, and any change of it is noticed."""

from __future__ import annotations

import errno
import marshal
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from packlint import recall, witness
from packlint.witness import BYTES, FILE, FOLDER, KIND, LINK, NAMES, OWN, REAL

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with something of each kind; what is seen in it is noted."""
    folder = Path(os.path.realpath(tmp_path)) / "folder"
    (folder / "inner/deep").mkdir(parents=True)
    (folder / "file").write_text("text")
    (folder / "inner/file").write_text("other")
    (folder / "link").symlink_to("file")
    (folder / "away").symlink_to("inner")
    (folder / "nowhere").symlink_to("nothing")
    witness.start()
    yield folder
    witness.give_up()


def still(notes: witness.Notes) -> bool:
    return not [*recall.changed(notes)]


def notes() -> witness.Notes:
    found = witness.notes()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "name", ["file", "inner", "link", "away", "nowhere", "missing", "file/x", "x\0", "x" * 300]
)
@pytest.mark.parametrize("noting", [True, False])
def test_it_tells_what_os_tells(folder: Path, name: str, noting: bool) -> None:
    path = f"{folder}/{name}"
    if not noting:
        witness.give_up()
    pairs: list[tuple[Callable[[str], object], Callable[[str], object]]] = [
        (witness.exists, os.path.exists),
        (witness.is_taken, os.path.lexists),
        (witness.is_file, os.path.isfile),
        (witness.is_folder, os.path.isdir),
        (witness.is_link, os.path.islink),
        (witness.status, os.stat),
        (witness.own_status, os.lstat),
        (witness.dated_status, os.stat),
        (witness.real, os.path.realpath),
        (lambda it: set(witness.names(it)), lambda it: set(os.listdir(it))),  # noqa: PTH208
    ]
    for _ in range(2):
        for ours, theirs in pairs:
            try:
                wanted = theirs(path)
            except (OSError, ValueError) as error:
                with pytest.raises(type(error)):
                    ours(path)
            else:
                assert ours(path) == wanted


def test_what_is_located_folder_by_folder_lies_where_os_has_it(tmp_path: Path) -> None:
    """In trees of links that lead in, out, round and nowhere, some of them deeper than is remembered."""
    chance = random.Random(7)
    names = ["a", "b", "c", "l", "m", "..", ".", "x" * 300]
    for number in range(30):
        root = Path(os.path.realpath(tmp_path)) / str(number)
        folders = [root]
        root.mkdir()
        for _ in range(8):
            folder = chance.choice(folders) / chance.choice(names[:3])
            folder.mkdir(exist_ok=True)
            folders.append(folder)
        for _ in range(6):
            link = chance.choice(folders) / chance.choice(names[3:5])
            if not link.is_symlink():
                link.symlink_to(chance.choice(["..", "a", "l", "m/b", "../b", "nothing", str(root), "/"]))
        known: dict[str, str] = {}
        for _ in range(300):
            path = "/".join((str(root), *(chance.choice(names) for _ in range(chance.randrange(1, 7)))))
            assert witness.real(path, known) == os.path.realpath(path), path
        for path in (f"{root}/{'a/' * 1500}b", f"{root}//a//b", f"{root}/a/b/"):
            assert witness.real(path, known) == os.path.realpath(path)
        with pytest.raises(ValueError, match="null"):
            witness.real(f"{root}/a/x\0", known)


def test_names_say_what_they_stand_for(folder: Path) -> None:
    links = dict.fromkeys(("link", "away", "nowhere"), LINK)
    assert witness.names(folder) == {"file": FILE, "inner": FOLDER, **links}


def test_notes_are_plain(folder: Path) -> None:
    look(folder)
    assert marshal.loads(marshal.dumps(notes())) == notes()


def test_what_changes_meanwhile_is_not_known(folder: Path) -> None:
    witness.contents(folder / "file", b"text")
    witness.contents(folder / "file", b"text")
    assert witness.notes() is not None
    witness.contents(folder / "file", b"another text")
    assert witness.notes() is None


def test_a_folder_of_too_many_names_is_not_known(folder: Path) -> None:
    assert len(witness.names(folder, most=2)) == 3
    assert witness.notes() is None


def test_what_has_just_been_seen_is_not_looked_at_again(folder: Path) -> None:
    look(folder)
    before = notes()
    shutil.rmtree(folder)
    witness.start(before)
    inner = witness.names(folder / "inner")
    assert inner == {"file": FILE, "deep": FOLDER}
    with witness.Part() as part:
        assert witness.exists(folder / "inner/deep")
        assert witness.names(folder / "inner") == inner
    assert part.notes == {
        KIND: {f"{folder}/inner/deep": FOLDER},
        NAMES: {f"{folder}/inner": inner},
    } | {question: {} for question in (OWN, witness.DATED, REAL, BYTES)}
    assert notes() == part.notes
    assert not witness.exists(folder / "inner/other")
    assert [*recall.changed(before, *witness.known())] == []
    witness.handed()
    assert witness.names(folder / "inner") == inner
    witness.give_up()
    assert not witness.exists(folder / "inner/deep")


def test_what_another_process_has_seen_is_added(folder: Path) -> None:
    witness.exists(folder / "file")
    assert (witness.handed() or {})[KIND] == {f"{folder}/file": FILE}
    witness.exists(folder / "inner")
    other = witness.handed()
    witness.is_link(folder / "link")
    witness.add(other)
    assert notes()[KIND] == {f"{folder}/inner": FOLDER}
    assert notes()[OWN] == {f"{folder}/link": LINK}
    witness.add(None)
    assert witness.notes() is None
    witness.add(other)
    assert witness.notes() is None


def test_nothing_is_said_unless_all_is_noted(folder: Path) -> None:
    witness.says("text", witness.OUTPUT)
    witness.reports("report", folder / "r.json")
    assert witness.said() == ([(f"{folder}/r.json", "report")], [(1, b"text")])
    witness.give_up()
    witness.says("text", witness.OUTPUT)
    assert witness.said() == ([], [])
    witness.start()
    witness.says("\udc80", witness.OUTPUT)
    assert witness.notes() is None


def look(folder: Path) -> None:
    """See all that there is, and some that is not."""
    witness.names(folder)
    witness.names(folder / "inner")
    for name in ("file", "inner/deep", "inner/missing", "link", "away/file", "nowhere", "inner/../file"):
        for ask in (witness.exists, witness.is_taken, witness.real):
            ask(folder / name)
    for name in ("../beside", "file/x", "missing/x"):
        witness.is_file(folder / name)
        witness.real(folder / name)
    witness.dated_status(folder / "inner/file")
    witness.status(folder / "file")
    witness.contents(folder / "file", b"text")


CHANGES: dict[str, Callable[[Path], object]] = {
    "another text": lambda it: (it / "file").write_text("next"),
    "a longer text": lambda it: (it / "file").write_text("text and more"),
    "no text": lambda it: (it / "file").write_text(""),
    "gone": lambda it: (it / "file").unlink(),
    "a folder": lambda it: ((it / "file").unlink(), (it / "file").mkdir()),
    "a link": lambda it: (
        (it / "file").rename(it / "inner/deep/x"),
        (it / "file").symlink_to("inner/deep/x"),
    ),
    "a pipe": lambda it: ((it / "file").unlink(), os.mkfifo(it / "file")),
    "another name": lambda it: (it / "inner/deep/new").mkdir() or (it / "new").touch(),
    "there now": lambda it: (it / "inner/missing").touch(),
    "there beside": lambda it: (it.parent / "beside").touch(),
    "folder gone": lambda it: shutil.rmtree(it / "inner/deep"),
    "folder a link": lambda it: (
        (it / "inner").rename(it.parent / "moved"),
        (it / "inner").symlink_to("../moved"),
    ),
    "root a link": lambda it: (it.rename(it.parent / "moved"), it.symlink_to("moved")),
    "link elsewhere": lambda it: ((it / "away").unlink(), (it / "away").symlink_to("inner/deep")),
    "link to something": lambda it: (it / "nothing").touch(),
    "another time": lambda it: os.utime(it / "inner/file", ns=(1, 1)),
    "another size": lambda it: (it / "inner/file").write_text("longer"),
    "all gone": shutil.rmtree,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("thin", [True, False])
def test_each_change_is_noticed(folder: Path, change: str, thin: bool) -> None:
    look(folder)
    kept = recall.thinned(notes(), str(folder)) if thin else notes()
    assert still(kept)
    os.utime(folder / "file")
    (folder / "inner/deep/unseen").touch()
    assert still(kept)
    CHANGES[change](folder)
    assert not still(kept)


def test_of_a_folder_that_was_listed_nothing_else_is_asked(folder: Path) -> None:
    look(folder)
    kept = recall.thinned(notes(), str(folder))
    assert f"{folder}/file" not in {**kept[OWN], **kept[KIND], **kept[recall.UNLINKED]}
    assert kept[KIND][f"{folder}/inner/."] == FOLDER
    assert set(kept[REAL]) == {f"{folder}/{name}" for name in ("link", "away/file", "nowhere")}


def test_relative_paths_start_from_where_the_run_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in ("file", "inner/../file", "."):
        witness.real(name)
        witness.exists(name)
    kept = recall.thinned(notes(), os.getcwd())  # noqa: PTH109
    assert kept[REAL] == {}
    assert set(kept[recall.UNLINKED]) >= {str(folder), f"{folder}/file", f"{folder}/inner"}
    assert still(kept)
    (folder / "inner").rename(folder / "moved")
    (folder / "inner").symlink_to("moved")
    assert not still(kept)


def test_a_file_that_cannot_be_read_may_become_readable(folder: Path) -> None:
    witness.unreadable(folder / "inner", OSError(errno.EISDIR, "it is a directory"))
    assert notes()[BYTES] == {f"{folder}/inner": errno.EISDIR}
    assert still(notes())
    (folder / "inner").rename(folder / "moved")
    (folder / "inner").touch()
    assert not still(notes())
    witness.unreadable(folder / "file", OSError("who knows"))
    assert witness.notes() is None


@pytest.mark.skipif(hasattr(os, "getuid") and not os.getuid(), reason="root may do everything")
def test_modes_are_noticed(folder: Path) -> None:
    look(folder)
    kept = recall.thinned(notes(), str(folder))
    for name, mode in (("file", 0o000), ("inner", 0o000), ("inner", 0o444)):
        before = (folder / name).stat().st_mode
        (folder / name).chmod(mode)
        assert not still(kept)
        (folder / name).chmod(before)
        assert still(kept)


def test_hashes_are_those_of_the_library() -> None:
    from hashlib import blake2b

    assert witness.digest(b"text", 32) == blake2b(b"text", digest_size=32).digest()
    assert NAMES in witness.QUESTIONS
