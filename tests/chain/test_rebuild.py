"""What has to be built again, and why in words, for two states of the same templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.chain.images import ArtifactGraph, Derivation, artifact_graph
from packlint.chain.rebuild import in_order, to_rebuild
from packlint.configure import Nearest
from packlint.pipeline import understand
from packlint.settings import Flags

ONE = """
source "file" "NAME" {
  target  = "out/NAME.txt"
  content = "CONTENT"
}
build {
  sources = ["file.NAME"]
  provisioner "shell-local" {
    script = "scripts/NAME.sh"
  }
}
"""
CHAIN = """
[[chain]]
from = "base"
to = "left"
[[chain]]
from = "base"
to = "right"
[[chain]]
from = "left"
to = "top"
[[chain]]
from = "right"
to = "top"
"""
NAMES = ("top", "left", "right", "base", "alone")


def made(folder: Path, names: tuple[str, ...] = NAMES, content: str = "x") -> Path:
    for name in names:
        (folder / name / "scripts").mkdir(parents=True, exist_ok=True)
        text = ONE.replace("NAME", name).replace("CONTENT", content)
        (folder / name / "t.pkr.hcl").write_text(text)
        (folder / name / "scripts" / f"{name}.sh").write_text("echo\n")
    (folder / "packlint.toml").write_text(CHAIN)
    return folder


def graph_of(folder: Path) -> ArtifactGraph:
    found = understand([folder], Nearest({}, Flags()), folder)
    return artifact_graph(found.configurations, links(found.configurations), found.declared)


def told(now: Path, before: Path) -> list[tuple[str, str]]:
    return [(image.place, why) for image, why in to_rebuild(graph_of(now), graph_of(before)).items()]


def test_nothing_has_changed(tmp_path: Path) -> None:
    assert told(made(tmp_path / "now"), made(tmp_path / "then")) == []


def test_a_script_has_what_follows_built_again(tmp_path: Path) -> None:
    now, then = made(tmp_path / "now"), made(tmp_path / "then")
    (now / "left/scripts/left.sh").write_text("echo more\n")
    assert told(now, then) == [
        ("left", "`left/scripts/left.sh` has changed"),
        ("top", "it starts from `left:file.left`"),
    ]


def test_a_base_has_all_built_again_each_after_what_it_starts_from(tmp_path: Path) -> None:
    now, then = made(tmp_path / "now"), made(tmp_path / "then")
    made(now, ("base",), content="y")
    found = told(now, then)
    assert [place for place, _ in found] in (
        ["base", "left", "right", "top"],
        ["base", "right", "left", "top"],
    )
    assert found[0][1] == "the arguments of `file.base` have changed"
    assert dict(found)["left"] == "it starts from `base:file.base`"
    assert sorted(dict(found)["top"].split(" and ")) == [
        "it starts from `left:file.left`",
        "it starts from `right:file.right`",
    ]


def test_what_is_new_and_what_is_gone(tmp_path: Path) -> None:
    now, then = made(tmp_path / "now"), made(tmp_path / "then", tuple(set(NAMES) - {"alone"}))
    (then / "packlint.toml").write_text("")
    assert told(now, then) == [("alone", "it is new")]
    assert told(then, now) == []


def test_of_many_reasons_two_are_told(tmp_path: Path) -> None:
    now, then = made(tmp_path / "now", ("alone",), content="y"), made(tmp_path / "then", ("alone",))
    for folder in (now, then):
        (folder / "packlint.toml").write_text("")
    text = (now / "alone/t.pkr.hcl").read_text()
    step = 'provisioner "shell-local" {\n    inline = ["a"]\n  }\n  provisioner'
    (now / "alone/t.pkr.hcl").write_text(text.replace("provisioner", step, 1))
    (now / "alone/scripts/alone.sh").write_text("changed\n")
    assert told(now, then) == [
        (
            "alone",
            "the arguments of `file.alone` have changed, `shell-local` provisioner 1 has changed and 2 more",
        )
    ]


def test_two_images_of_one_name_are_told_apart(tmp_path: Path) -> None:
    text = ONE.replace("NAME", "a").replace("CONTENT", "x")
    twice = text + text[text.index("build") :]
    for name in ("now", "then"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.pkr.hcl").write_text(twice)
    assert told(tmp_path / "now", tmp_path / "then") == []
    (tmp_path / "then" / "t.pkr.hcl").write_text(text)
    assert [why for _, why in told(tmp_path / "now", tmp_path / "then")] == ["it is new"]


@pytest.mark.parametrize("length", [2, 2000])
def test_a_circle_ends(tmp_path: Path, length: int) -> None:
    made(tmp_path, ("base",))
    (tmp_path / "packlint.toml").write_text("")
    text = (tmp_path / "base/t.pkr.hcl").read_text()
    head, build = text.split("build")
    (tmp_path / "base/t.pkr.hcl").write_text(head + f"build{build}" * length)
    images = graph_of(tmp_path).images
    assert len(images) == length
    around = (*images[1:], images[0])
    pairs = zip(images, around, strict=True)
    graph = ArtifactGraph(images, tuple(Derivation(one, other, "", None) for one, other in pairs))
    assert in_order(graph) == images
    assert to_rebuild(graph, graph) == {}
    assert len(to_rebuild(graph, ArtifactGraph(images[:1]))) == length
