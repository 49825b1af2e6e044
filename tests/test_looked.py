"""What is kept of templates is known with all that it depends on, and is nothing but nouns of packlint."""

from __future__ import annotations

import functools
import gc
import marshal
import os
import pickle
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packlint import answers, cache, looked, recall, witness
from packlint.apart import apart
from packlint.bench import Bench
from packlint.catalog import Catalog
from packlint.check import over_projects
from packlint.choice import Choice
from packlint.company import companies
from packlint.diagnostic import Severity
from packlint.discover import discover
from packlint.document import Document, Range
from packlint.inputs import NOTHING
from packlint.noted import noted
from packlint.plugins import load_plugins, load_rules, load_schemas
from packlint.seen import Seen
from packlint.settings import Choose, Paths, RuleSetting, Settings, everywhere
from packlint.waiver import PathWaiver

SHARED: dict[str, witness.Notes] = {}
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

TEMPLATE = """
source "docker" "a" {{
  image  = "ubuntu"
  commit = true
}}
build {{
  sources = ["source.docker.a"]
  provisioner "shell" {{
    scripts = ["../scripts/{0}.sh", "../scripts/all.sh"]
  }}
  provisioner "file" {{
    source      = "../files/"
    destination = "/tmp"
  }}
}}
"""


@pytest.fixture(autouse=True)
def no_notes() -> Iterator[None]:
    yield
    witness.give_up()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Templates side by side that name the same files, some of which are not there."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.pkr.hcl").write_text(TEMPLATE.format(name))
    (tmp_path / "plugins.pkr.hcl").write_text("packer {}\n")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/all.sh").write_text("apt-get install curl\r\n")
    (tmp_path / "files").mkdir()
    (tmp_path / "files/one.sh").write_text("#!/bin/sh\r\necho\r\n")
    return tmp_path


def bench(place: Path, settings: Settings | Choose | None = None) -> Bench:
    """What looks at the templates below a folder."""
    settings = settings or Settings(preset="all")
    choose = everywhere(settings) if isinstance(settings, Settings) else settings
    plugins = load_plugins()
    rules = load_rules(plugins)
    found = discover([place], choose, place)
    choice = Choice(rules, choose, found.base, found.roots)
    wide = frozenset(rule.name() for rule in rules if over_projects(rule))
    return Bench(found.templates, choice, NOTHING, Catalog(load_schemas(plugins)), wide)


def forget() -> None:
    """Empty whatever remembers what a function gave."""
    for it in gc.get_objects():
        if isinstance(it, functools._lru_cache_wrapper):
            it.cache_clear()


def notes_of(it: Bench, number: int) -> set[tuple[str, str]]:
    """The questions and paths that a look at a template has noted."""
    [(_, _, (notes, shared))] = it.do([number])  # type: ignore[misc]
    assert notes is not None
    SHARED.update(shared)
    return every([notes], SHARED)


def compare(place: Path, numbers: list[int] | None = None) -> int:
    """Assert that looks one after the other note what each of them notes alone; gives how many do."""
    witness.start()
    them = bench(place)
    numbers = numbers or [*range(len(them.templates))]
    together = {number: notes_of(them, number) for number in numbers}
    for number in numbers:
        forget()
        witness.start()
        alone = notes_of(bench(place), number)
        assert together[number] >= alone, them.templates[number].path
    return len(numbers)


def test_a_look_notes_what_it_would_note_alone(repository: Path) -> None:
    assert compare(repository) == 4


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
def test_looks_at_the_corpus_note_what_they_would_note_alone() -> None:
    folders = sorted(it for it in CORPUS.iterdir() if it.is_dir())
    dice = random.Random(int(os.environ.get("PACKLINT_TEST_SEED", "1")))
    count = 0
    for folder in dice.sample(folders, 12):
        witness.start()
        numbers = range(len(bench(folder).templates))
        if numbers:
            count += compare(folder, dice.sample(numbers, min(4, len(numbers))))
    assert count > 12


def test_what_is_remembered_is_noted_again(tmp_path: Path) -> None:
    asked = []

    @noted(4)
    def size(name: str) -> int:
        asked.append(name)
        return witness.dated_status(tmp_path / name).st_size

    (tmp_path / "a").write_text("abc")
    witness.start()
    seen = []
    for _ in range(2):
        with witness.Part() as part:
            assert size("a") == 3
        seen.append(part.notes)
    assert asked == ["a"]
    assert seen[0] == seen[1] and seen[0] is not None
    assert seen[0][witness.DATED].keys() == {str(tmp_path / "a")}


def test_what_is_remembered_from_before_notes_were_taken_makes_a_part_unknown(tmp_path: Path) -> None:
    there = noted(4)(lambda name: witness.exists(tmp_path / name))
    there("a")
    witness.start()
    with witness.Part() as part:
        there("a")
    assert part.notes is None
    assert witness.notes() is not None


def test_a_part_has_what_its_parts_have(tmp_path: Path) -> None:
    witness.start()
    witness.exists(tmp_path)
    with witness.Part() as whole:
        with witness.Part() as part:
            witness.exists(tmp_path)
        witness.exists(tmp_path / "a")
    assert part.notes is not None and whole.notes is not None
    assert [*part.notes[witness.KIND]] == [str(tmp_path)]
    assert [*whole.notes[witness.KIND]] == [str(tmp_path), str(tmp_path / "a")]
    with witness.Part() as part:
        witness.give_up()
    assert part.notes is None


def test_contents_behind_a_new_link_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in" / "folder"
    folder.mkdir(parents=True)
    (folder / "a").write_text("a")
    (folder / "b").write_text("b")
    witness.start()
    for name in ("a", "b"):
        path = witness.real(folder / name)
        witness.status(path)
        witness.contents(path, (folder / name).read_bytes())
    notes = witness.notes()
    assert notes is not None and [*recall.changed(notes)] == []
    (folder / "b").unlink()
    os.mkfifo(folder / "b")
    assert {question for question, path in recall.changed(notes) if path.endswith("b")} == {"kind", "bytes"}
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    opened: list[Any] = []
    monkeypatch.setattr(os, "open", lambda *them: opened.append(them))
    assert {("bytes", str(folder / "a")), ("real", str(folder / "a"))} <= {*recall.changed(notes)}
    assert not opened


class Evil:
    """What runs a program when it is thawed."""

    def __reduce__(self) -> Any:
        return os.system, ("touch evil",)


@pytest.mark.parametrize("thing", [Evil(), [1, Evil()], os.getcwd, Path(), answers, subprocess_ := os.system])
def test_nothing_is_thawed_but_nouns(thing: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        data = pickle.dumps(thing)
    except TypeError:
        data = b"cpacklint.answers\nkeep\n."
    assert looked._thawed(zlib.compress(data)) is None
    assert not [*tmp_path.iterdir()]


def test_members_are_thawed_as_every_python_pickles_them() -> None:
    """`Enum.__reduce_ex__` gives `getattr` in 3.11.2, and the class in 3.12."""

    def pickled(kind: str, name: str) -> bytes:
        return zlib.compress(f"cbuiltins\ngetattr\n(c{kind}\nV{name}\ntR.".encode())

    assert looked._thawed(pickled("packlint.diagnostic\nSeverity", "ERROR")) is Severity.ERROR
    assert looked._thawed(zlib.compress(pickle.dumps(Severity.ERROR))) is Severity.ERROR
    assert looked._thawed(pickled("packlint.diagnostic\nSeverity", "__init__")) is None
    assert looked._thawed(pickled("packlint.look\nLook", "__init__")) is None


def test_settings_are_equal_when_they_say_the_same() -> None:
    def digest(**more: Any) -> bytes:
        return looked.Digests().of(Settings(**more))

    some = {"ignore": frozenset({"a", "b", "c"}), "rules": {"x": RuleSetting(True), "y": RuleSetting(False)}}
    same = {"ignore": frozenset({"c", "b", "a"}), "rules": {"y": RuleSetting(False), "x": RuleSetting(True)}}
    assert digest(**some) == digest(**same)
    others = [
        digest(),
        digest(preset="all"),
        digest(ignore=frozenset({"a"})),
        digest(working_directory=Path()),
    ]
    assert len({digest(**some), *others}) == 5
    with pytest.raises(TypeError):
        looked.Digests().of(Settings(rules={"x": RuleSetting(options={"y": object()})}))


def checked(
    place: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings | Choose | None = None
) -> tuple[Seen, int]:
    """What is found, and how many looks were those of an earlier time."""
    counts = []
    keep = looked.Looked.keep

    def counted(it: looked.Looked) -> None:
        counts.append(len(it.looks))
        keep(it)

    forget()
    witness.start()
    with monkeypatch.context() as patch:
        patch.setattr(answers._Run, "name", "answers/" + "0" * 40)
        patch.setattr(answers, "has_strangers", lambda: False)
        patch.setattr(looked.Looked, "keep", counted)
        seen = apart(bench(place, settings), 1, lambda done, total: None)
    assert seen is not None
    return seen, counts[0]


def test_a_template_with_settings_of_another_is_looked_at_again(
    repository: Path, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict, security = Settings(preset="strict"), Settings(preset="security")

    def choose(**of: Settings) -> Choose:
        return lambda directory, root: of.get(directory.name, Settings())

    first, looks = checked(repository, monkeypatch, choose(a=strict, b=security))
    assert looks == 0
    second, looks = checked(repository, monkeypatch, choose(a=security, b=strict))
    assert looks == 2
    assert found(second) != found(first)
    third, looks = checked(repository, monkeypatch, choose(a=strict, b=security))
    assert found(third) == found(first)


def found(seen: Seen) -> set[str]:
    """What was found, as it is shown."""
    return {
        f"{it.range.document.path}:{it.range.start} {it.rule} {it.message} {it.hint}" for it in seen.found
    }


def test_only_what_has_changed_is_looked_at_again(
    repository: Path, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, looks = checked(repository, monkeypatch)
    assert looks == 0
    again, looks = checked(repository, monkeypatch)
    assert (found(again), looks) == (found(first), 4)
    with (repository / "b/b.pkr.hcl").open("a") as file:
        file.write("locals { unused = 1 }\n")
    another, looks = checked(repository, monkeypatch)
    assert looks == 3
    assert any("unused-local" in it for it in found(another) - found(first))
    (repository / "scripts/a.sh").write_text("curl http://example.com | sh\n")
    another, looks = checked(repository, monkeypatch)
    assert looks == 1, "three look for scripts that are missing in the whole repository"
    assert any("a/a.pkr.hcl" in it for it in found(first) - found(another)), "the script was missing"
    _, looks = checked(repository, monkeypatch, Settings(preset="strict"))
    assert looks == 0
    [blob] = kept_in.iterdir()
    for damaged in (b"", b"x" * 40, blob.read_bytes()[:-1]):
        blob.write_bytes(damaged)
        anew, looks = checked(repository, monkeypatch, Settings(preset="strict"))
        assert looks == 0
    again, looks = checked(repository, monkeypatch, Settings(preset="strict"))
    assert (found(again), looks) == (found(anew), 4)


def test_settings_are_looked_through_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    digest = witness.digest
    monkeypatch.setattr(witness, "digest", lambda data, *more: sizes.append(len(data)) or digest(data, *more))
    for count in (100, 200):
        document = Document("packlint.toml", "x" * 100 * count)
        places = [Range(document, number, number + 1) for number in range(count)]
        waivers = tuple((Paths(Path(), (), ()), PathWaiver(frozenset(), (), it)) for it in places)
        digests = looked.Digests()
        for number in range(count):
            digests.of(Settings(waivers=waivers, said={"x": str(number)}))
        sizes.append(-1)
    first, second = sum(sizes[: sizes.index(-1)]), sum(sizes[sizes.index(-1) + 1 : -1])
    assert second < 3 * first


@pytest.fixture
def kept_in(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache that nobody else uses, where looks lie."""
    folder = tmp_path_factory.mktemp("cache")
    folder.chmod(0o700)
    monkeypatch.setenv(cache.VARIABLE, str(folder))
    return folder / looked.FOLDER


LINKED = """
source "qemu" "x" {{
  disk_image       = true
  iso_url          = "{0}"
  output_directory = "{1}"
  vm_name          = "image.qcow2"
}}
build {{
  sources = ["qemu.x"]
}}
"""


def test_what_nobody_makes_depends_on_what_all_make(
    tmp_path: Path, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "repository"
    for name in ("a", "b"):
        (place / name).mkdir(parents=True)
    (place / "a/a.pkr.hcl").write_text(LINKED.format("../b/output-made/image.qcow2", "out"))
    told = []
    for made in ("maed", "mode", "made", "mode"):
        (place / "b/b.pkr.hcl").write_text(LINKED.format("https://example.com/x.qcow2", f"output-{made}"))
        seen, looks = checked(place, monkeypatch)
        assert looks == bool(told)
        told.append({it for it in found(seen) if it.startswith("a/")})
    assert told[0] != told[1] != told[2] != told[3] == told[1]


@pytest.mark.parametrize(
    "forged",
    [
        lambda kept: (*kept[:3], dict.fromkeys(kept[3], (zlib.compress(pickle.dumps(5)), {})), kept[4]),
        lambda kept: (
            *kept[:3],
            dict.fromkeys(kept[3], (zlib.compress(b"\x80\x04\x95" + b"\xff" * 8), {})),
            kept[4],
        ),
        lambda kept: (kept[0], {}, *kept[2:]),
        lambda kept: (*kept[:3], dict.fromkeys(kept[3], 5), kept[4]),
        lambda kept: (*kept[:3], 5, kept[4]),
        lambda kept: kept[:2],
        lambda kept: 5,
    ],
)
def test_nonsense_is_done_without(
    repository: Path, kept_in: Path, monkeypatch: pytest.MonkeyPatch, forged: Any
) -> None:
    first, _ = checked(repository, monkeypatch)
    [blob] = kept_in.iterdir()
    name = f"{looked.FOLDER}/{blob.name}"
    cache.write(name, marshal.dumps(forged(marshal.loads(cache.read(name) or b""))))
    second, looks = checked(repository, monkeypatch)
    assert (found(second), looks) == (found(first), 0)
    third, looks = checked(repository, monkeypatch)
    assert (found(third), looks) == (found(first), 4)


def test_too_much_is_not_kept(repository: Path, kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked, "LARGEST", 2000)
    checked(repository, monkeypatch)
    assert not kept_in.exists()


def test_what_is_shared_has_nothing_shared_in_it(tmp_path: Path) -> None:
    @noted(4)
    def inner() -> None:
        for number in range(witness.SHARES + 1):
            witness.exists(tmp_path / str(number))

    @noted(4)
    def outer() -> None:
        inner()
        for number in range(witness.SHARES + 1):
            witness.exists(tmp_path / f"x{number}")

    witness.start()
    with witness.Part() as part:
        outer()
    assert part.notes is not None
    assert len(part.notes[witness.SHARED]) == 1
    assert len(part.notes[witness.KIND]) == witness.SHARES + 1
    assert not any(witness.SHARED in notes for notes in witness.shared().values())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
def test_a_meeting_sees_nothing_that_its_templates_do_not_see_alone() -> None:
    """What one meeting has made of a template at hand the next one does not see being looked at."""
    witness.start()
    them = bench(CORPUS)
    found, shared = [], {}
    alone: dict[int, witness.Notes] = {}
    for number in range(len(them.templates)):
        [(_, look, (notes, more))] = them.do([number])  # type: ignore[misc]
        assert notes is not None
        alone[number] = notes
        shared |= more
        found.append(look.outlook)
    meetings = companies(found)
    for company in meetings:
        [(_, _, (notes, more))] = them.do(company)  # type: ignore[misc]
        shared |= more
        known = every([alone[it] for it in (*company.members, *company.context)], shared)
        assert every([notes], shared) <= known
    assert len(meetings) > 20


def every(lot: list[Any], shared: dict[str, witness.Notes]) -> set[tuple[str, str]]:
    """The questions and paths of notes, with those that they share."""
    names = {name for notes in lot for name in notes.get(witness.SHARED, ())}
    asked = (item for notes in (*lot, *map(shared.__getitem__, names)) for item in notes.items())
    plain = ((question, found) for question, found in asked if question != witness.SHARED)
    return {(question, os.fspath(path)) for question, found in plain for path in found}
