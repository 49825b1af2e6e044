"""Which images are unchanged by their stamps, why the others are not, and what a stamp never does."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from packlint.chain.artifacts import links
from packlint.chain.images import ArtifactGraph, Image, artifact_graph
from packlint.chain.ingredients import Recipes
from packlint.configure import Nearest
from packlint.errors import PackerError
from packlint.packer.event import Artifact
from packlint.packer.stamp import LARGEST
from packlint.packer.stamps import Stamps, Verdict
from packlint.pipeline import understand
from packlint.settings import Flags

ONE = """
variable "password" {
  default   = "hunter2"
  sensitive = true
}
source "file" "NAME" {
  target  = "out/NAME.txt"
  content = "CONTENT ${var.password}"
}
build {
  sources = ["file.NAME"]
  provisioner "shell-local" {
    script = "scripts/NAME.sh"
  }
  provisioner "shell-local" {
    inline = ["cat own.log"]
  }
}
"""
CHAIN = '[[chain]]\nfrom = "base"\nto = "web"\n[[chain]]\nfrom = "base"\nto = "db"\n'
TOOLS = {"Packer": "1.6.6", "docker": "1.0.0"}


def made(folder: Path) -> None:
    for name in ("base", "web", "db"):
        (folder / name / "scripts").mkdir(parents=True)
        (folder / name / "t.pkr.hcl").write_text(ONE.replace("NAME", name))
        (folder / name / "scripts" / f"{name}.sh").write_text("echo\n")
        (folder / name / "own.log").write_text("1\n")
    (folder / "packlint.toml").write_text(CHAIN)


def graph_of(folder: Path) -> ArtifactGraph:
    found = understand([folder], Nearest({}, Flags()), folder)
    return artifact_graph(found.configurations, links(found.configurations), found.declared)


def stamps(
    folder: Path, tools: Mapping[str, str] = TOOLS, now: Callable[[], float] = lambda: 1.8e9
) -> Stamps:
    return Stamps(folder, graph_of(folder), tools, now=now)


def build(folder: Path, *names: str, artifacts: tuple[Artifact, ...] | None = None) -> None:
    """Do as Packer would for these images, in this order."""
    graph = graph_of(folder)
    book = Stamps(folder, graph, TOOLS, now=lambda: 1.8e9)
    for name in names:
        [image] = [it for it in graph.images if it.place == name]
        book.forget(image)
        (folder / name / "out").mkdir(exist_ok=True)
        (folder / name / "out" / f"{name}.txt").write_text(name)
        (folder / name / "own.log").write_text(str(time.perf_counter_ns()))
        own = Artifact("packer.file", "File", "Stored", (f"out/{name}.txt",))
        assert book.write(image, (own,) if artifacts is None else artifacts, name) is None


def told(found: Mapping[Image, Verdict]) -> dict[str, tuple[bool, str]]:
    return {image.place: (it.unchanged, it.because) for image, it in found.items()}


def verdicts(
    folder: Path, trust: bool = False, tools: Mapping[str, str] = TOOLS
) -> dict[str, tuple[bool, str]]:
    return told(stamps(folder, tools).verdicts(trust))


SINCE = time.strftime("unchanged since %Y-%m-%d %H:%M", time.localtime(1.8e9))
SAME = (True, SINCE)
NONE = (False, "there is no stamp")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made(tmp_path)
    build(tmp_path, "base", "web", "db")
    return tmp_path


def stamp_of(folder: Path, name: str) -> Path:
    [path] = (folder / ".packlint/stamps").glob(f"{name}-file-{name}-*.json")
    return path


def test_nothing_is_unchanged_before_it_is_built(tmp_path: Path) -> None:
    made(tmp_path)
    assert verdicts(tmp_path) == {"base": NONE, "db": NONE, "web": NONE}
    assert not (tmp_path / ".packlint").exists()


def test_all_is_unchanged_afterwards(folder: Path) -> None:
    assert verdicts(folder) == {"base": SAME, "db": SAME, "web": SAME}
    assert next(iter(verdicts(folder))) == "base"
    assert (folder / ".packlint/.gitignore").read_text() == "*\n"
    found = stamps(folder).verdicts(False)
    assert {it.artifacts[0].files for it in found.values()} == {
        *(("out/base.txt",), ("out/web.txt",), ("out/db.txt",))
    }


def test_a_script_has_only_its_image_built_again(folder: Path) -> None:
    (folder / "web/scripts/web.sh").write_text("echo more\n")
    assert verdicts(folder) == {"base": SAME, "db": SAME, "web": (False, "`web/scripts/web.sh` has changed")}


def test_a_changed_base_has_all_built_again(folder: Path) -> None:
    (folder / "base/scripts/base.sh").write_text("echo more\n")
    again = (False, "it starts from `base:file.base`, which is built again")
    assert verdicts(folder) == {
        "base": (False, "`base/scripts/base.sh` has changed"),
        "db": again,
        "web": again,
    }


def test_a_base_that_was_built_again_alike_has_what_follows_built_again(folder: Path) -> None:
    build(folder, "base")
    again = (False, "`base:file.base` was built again since")
    assert verdicts(folder) == {"base": SAME, "db": again, "web": again}
    build(folder, "web")
    assert verdicts(folder) == {"base": SAME, "db": again, "web": SAME}


def test_a_build_that_was_begun_and_not_finished_leaves_no_stamp(folder: Path) -> None:
    graph = graph_of(folder)
    book = Stamps(folder, graph, TOOLS)
    book.forget(graph.images[-1])
    assert verdicts(folder)[graph.images[-1].place] == NONE


def test_what_changes_while_packer_runs_is_seen_the_next_time(tmp_path: Path) -> None:
    made(tmp_path)
    graph = graph_of(tmp_path)
    book = Stamps(tmp_path, graph, TOOLS)
    [image] = [it for it in graph.images if it.place == "base"]
    book.forget(image)
    (tmp_path / "base/scripts/base.sh").write_text("edited meanwhile\n")
    (tmp_path / "base/own.log").write_text("written by the command that names it\n")
    book.write(image, (), "base")
    assert verdicts(tmp_path)["base"] == (False, "`base/scripts/base.sh` has changed")


FROM_FILE = """
source "file" "NAME" {
  target = "out/NAME.txt"
  source = "../base/out/base.txt"
}
build {
  sources = ["file.NAME"]
}
"""


def part(folder: Path, name: str, *, again: bool = False) -> tuple[bool, str]:
    """What is told where only one of the templates is checked; `again` builds it then."""
    found = understand([folder / name], Nearest({}, Flags()), folder)
    graph = artifact_graph(found.configurations, links(found.configurations), found.declared)
    book = Stamps(folder, graph, TOOLS, now=lambda: 1.8e9)
    verdict = told(book.verdicts(False))[name]
    if again:
        [image] = graph.images
        book.forget(image)
        (folder / name / "out" / f"{name}.txt").write_text(name)
        made = Artifact("packer.file", "File", "Stored", (f"out/{name}.txt",))
        assert book.write(image, (made,), name) is None
    return verdict


def test_whether_all_is_checked_or_a_part_is_no_reason(folder: Path) -> None:
    (folder / "packlint.toml").unlink()
    for name in ("web", "db"):
        (folder / name / "t.pkr.hcl").write_text(FROM_FILE.replace("NAME", name))
    build(folder, "base", "web", "db")
    assert [part(folder, name) for name in ("base", "web", "db")] == [SAME] * 3
    assert part(folder, "web", again=True) == SAME
    assert verdicts(folder) == {"base": SAME, "web": SAME, "db": SAME}
    build(folder, "base")
    assert part(folder, "web") == (False, "`base:file.base` was built again since")
    part(folder, "web", again=True)
    assert part(folder, "web") == SAME
    assert verdicts(folder)["web"] == SAME
    os.utime(folder / "base/out/base.txt")
    assert part(folder, "web") == (False, "the artifact of `base:file.base` has changed")


def test_a_base_that_is_named_in_the_settings_counts_where_a_part_is_checked(folder: Path) -> None:
    assert part(folder, "web", again=True) == SAME
    assert verdicts(folder)["web"] == SAME
    build(folder, "base")
    assert part(folder, "web") == (False, "`base:file.base` was built again since")


def test_a_base_that_could_not_be_built_was_not_built_again(folder: Path) -> None:
    stamp_of(folder, "base").unlink()
    assert verdicts(folder)["web"] == (False, "it starts from `base:file.base`, which is built again")


def test_another_directory_for_packer_has_an_image_built_again(folder: Path) -> None:
    (folder / "db/packlint.toml").write_text('working-directory = "out"\n')
    found = verdicts(folder)
    assert found["base"] == found["web"] == SAME
    assert "Packer is run in another directory" in found["db"][1]


def test_other_tools_are_a_reason_if_the_image_uses_them(folder: Path) -> None:
    assert verdicts(folder, tools={**TOOLS, "docker": "2.0.0"})["web"] == SAME
    newer = verdicts(folder, tools={**TOOLS, "Packer": "1.11.0"})
    assert newer["base"] == (False, "it was built with Packer 1.6.6")


def test_an_artifact_that_is_gone_or_another_one(folder: Path) -> None:
    (folder / "db/out/db.txt").unlink()
    (folder / "web/out/web.txt").write_text("another")
    assert verdicts(folder) == {
        "base": SAME,
        "db": (False, "its artifact `db/out/db.txt` is gone"),
        "web": (False, "its artifact `web/out/web.txt` has changed"),
    }
    assert verdicts(folder, trust=True) == verdicts(folder)


def test_an_artifact_of_another_time_is_another_one(folder: Path) -> None:
    os.utime(folder / "web/out/web.txt", ns=(1, 1))
    assert verdicts(folder)["web"] == (False, "its artifact `web/out/web.txt` has changed")


def test_a_base_that_was_thrown_away_is_missed_only_where_it_is_needed(folder: Path) -> None:
    (folder / "base/out/base.txt").unlink()
    gone = "its artifact `base/out/base.txt` is gone"
    assert verdicts(folder) == {
        "base": (True, f"{SINCE}; {gone}, but nothing needs it"),
        "db": SAME,
        "web": SAME,
    }
    (folder / "web/out/web.txt").unlink()
    assert verdicts(folder) == {
        "base": (False, f"{gone}, and `web:file.web` needs it"),
        "db": (False, "it starts from `base:file.base`, which is built again"),
        "web": (False, "its artifact `web/out/web.txt` is gone"),
    }


@pytest.mark.parametrize(
    "artifacts",
    [
        (),
        (Artifact("amazon", "us-east-1:ami-1", "AMIs were created"),),
        (Artifact("packer.file", "File", "Stored", ("/etc/hostname",)),),
        (Artifact("packer.file", "File", "Stored", ("../../elsewhere",)),),
    ],
    ids=["nothing", "in a cloud", "absolute", "above"],
)
def test_what_cannot_be_seen_is_built_again_unless_trusted(
    tmp_path: Path, artifacts: tuple[Artifact, ...]
) -> None:
    made(tmp_path)
    build(tmp_path, "base", artifacts=artifacts)
    assert verdicts(tmp_path)["base"] == (False, "its artifact cannot be seen from here")
    assert verdicts(tmp_path, trust=True)["base"] == SAME


def test_what_only_a_run_knows_is_built_again_unless_trusted(tmp_path: Path) -> None:
    made(tmp_path)
    path = tmp_path / "base/t.pkr.hcl"
    data = 'data "http" "x" {\n url = "https://example.org"\n}\n'
    path.write_text(data + path.read_text().replace("CONTENT", "${data.http.x.body}"))
    build(tmp_path, "base")
    assert verdicts(tmp_path)["base"] == (False, "it depends on `data.http.x`, which only a run knows")
    assert verdicts(tmp_path, trust=True)["base"] == SAME
    path.write_text(path.read_text().replace("example.org", "example.net"))
    assert verdicts(tmp_path, trust=True)["base"] == (False, "the arguments of `file.base` have changed")


def test_no_stamp_has_a_secret_or_a_plain_digest_of_one(folder: Path) -> None:
    graph = graph_of(folder)
    book = Stamps(folder, graph, TOOLS)
    named = Artifact("docker", "hunter2", "image hunter2", ("out/hunter2",))
    assert book.write(graph.images[0], (named,), "base") is None
    for image in graph.images:
        text = stamp_of(folder, image.place).read_text()
        assert "hunter2" not in text
        said = json.loads(text)["ingredients"]
        label = f"the arguments of `file.{image.place}`"
        assert said[label] != Recipes((image,)).of(image).ingredients[label]
    salts = {json.loads(stamp_of(folder, name).read_text())["salt"] for name in ("base", "web", "db")}
    assert len(salts) == 1


def test_a_secret_is_sealed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    calls: list[bytes] = []
    real = hashlib.scrypt

    def scrypt(password: bytes, **options: Any) -> bytes:
        calls.append(password)
        return real(password, **options)

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    verdicts(folder)
    assert calls == [b"hunter2"]


def changed(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda said: {**said, **values}


HOSTILE: dict[str, bytes | Callable[[dict[str, Any]], object]] = {
    "empty": b"",
    "truncated": b'{"version": 1, "image": "ba',
    "no object": b"[]",
    "deep": b"[" * 200_000,
    "long number": b'{"version": ' + b"9" * 10_000 + b"}",
    "not UTF-8": b"\xff\xfe\x00",
    "huge": b" " * (LARGEST + 1),
    "another version": changed(version=2),
    "another image": changed(image="web:file.web"),
    "a time that is none": changed(built=float("nan")),
    "a time beyond the calendar": changed(built=1e300),
    "a salt that is none": changed(salt="../../x"),
    "no ingredients": changed(ingredients=None),
    "an ingredient that steers": changed(ingredients={"\x1b[2J": "x"}),
    "outputs of another shape": changed(outputs=[{"files": 3}]),
    "a size that is none": lambda said: {
        **said,
        "outputs": [{**said["outputs"][0], "states": [["base/out/base.txt", 1e999, True]]}],
    },
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_stamp_that_is_none_is_as_good_as_none(folder: Path, how: str) -> None:
    path, hostile = stamp_of(folder, "base"), HOSTILE[how]
    data = (
        hostile if isinstance(hostile, bytes) else json.dumps(hostile(json.loads(path.read_text()))).encode()
    )
    path.write_bytes(data)
    found = verdicts(folder, trust=True)
    assert found["base"] == NONE
    assert not found["web"][0]


@pytest.mark.parametrize(
    "name", ["/etc/hostname", "../../../etc/hostname", "\\\\host\\share", "x" * 5000, "."]
)
def test_a_stamp_leads_nowhere(folder: Path, name: str) -> None:
    path = stamp_of(folder, "web")
    said = json.loads(path.read_text())
    said["outputs"][0]["states"] = [[name, 1, 1]]
    path.write_text(json.dumps(said))
    assert not verdicts(folder, trust=True)["web"][0]


def test_links_in_place_of_folders_and_stamps_are_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    away = tmp_path_factory.mktemp("away")
    (folder / ".packlint").rename(away / "stolen")
    (folder / ".packlint").symlink_to(away / "stolen")
    assert verdicts(folder, trust=True)["base"] == NONE
    graph = graph_of(folder)
    before = sorted((away / "stolen/stamps").iterdir())
    book = Stamps(folder, graph, TOOLS)
    book.forget(graph.images[0])
    assert book.write(graph.images[0], (), ".") == "`.packlint` leads elsewhere"
    assert sorted((away / "stolen/stamps").iterdir()) == before
    (folder / ".packlint").unlink()
    (folder / ".packlint").symlink_to(away / "empty")
    (away / "empty").mkdir()
    book.prepare()
    assert book.write(graph.images[0], (), ".") == "`.packlint` leads elsewhere"
    assert not list((away / "empty").iterdir())


def test_a_stamp_that_is_a_link_or_a_pipe_is_none(folder: Path) -> None:
    path = stamp_of(folder, "base")
    path.rename(folder / "kept.json")
    path.symlink_to(folder / "kept.json")
    assert verdicts(folder)["base"] == NONE
    build(folder, "base")
    assert not path.is_symlink()
    path.unlink()
    os.mkfifo(path)
    assert verdicts(folder)["base"] == NONE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_stamp_that_cannot_be_removed_stops_the_build(folder: Path) -> None:
    graph = graph_of(folder)
    where = folder / ".packlint/stamps"
    where.chmod(0o500)
    try:
        with pytest.raises(PackerError, match="cannot be removed"):
            Stamps(folder, graph, TOOLS).forget(graph.images[0])
        assert Stamps(folder, graph, TOOLS).write(graph.images[0], (), ".") == "permission denied"
    finally:
        where.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / ".packlint").write_text("")
    graph = graph_of(tmp_path)
    assert verdicts(tmp_path)["base"] == NONE
    assert Stamps(tmp_path, graph, TOOLS).write(graph.images[0], (), ".") is not None
