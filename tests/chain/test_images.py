"""Which images a run has, and which is made from which: by what is seen, and by what settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.chain.images import ArtifactGraph, artifact_graph
from packlint.configure import Nearest
from packlint.errors import SettingsError
from packlint.pipeline import run, understand
from packlint.plugins import by_name, load_plugins, load_rules
from packlint.settings import Flags

ONE = """
source "qemu" "debian" {
  output_directory = "output-base"
  vm_name          = "debian.qcow2"
}
source "docker" "debian" {}
build {
  name    = "base"
  sources = ["source.qemu.debian", "source.docker.debian"]
}
"""
OTHER = """
source "qemu" "web" {
  disk_image = true
  iso_url    = "SOMETHING"
}
source "docker" "web" {}
build {
  sources = ["source.qemu.web", "source.docker.web"]
}
"""


def graph_of(folder: Path) -> ArtifactGraph:
    """The graph of the templates in a folder, with the settings there."""
    found = understand([folder], Nearest({}, Flags()), folder)
    return artifact_graph(found.configurations, links(found.configurations), found.declared)


def edges(graph: ArtifactGraph) -> list[tuple[str, str, str]]:
    return [(it.producer.name, it.consumer.name, it.artifact) for it in graph.derivations]


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_an_image_is_named_by_its_template_and_what_packer_calls_it(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.pkr.hcl": ONE})
    assert [it.name for it in graph_of(tmp_path).images] == ["a:base.qemu.debian", "a:base.docker.debian"]


def test_what_is_seen_in_the_templates_joins_images(tmp_path: Path) -> None:
    other = OTHER.replace("SOMETHING", "../a/output-base/debian.qcow2")
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": other})
    graph = graph_of(tmp_path)
    assert edges(graph) == [("a:base.qemu.debian", "b:qemu.web", "../a/output-base/debian.qcow2")]
    base, _, web, _ = graph.images
    assert [it.consumer for it in graph.derived(base)] == [web]
    assert [it.producer for it in graph.bases(web)] == [base]


def test_settings_join_the_images_of_one_platform(tmp_path: Path) -> None:
    settings = '[[chain]]\nfrom = "a"\nto = "b"\n'
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": OTHER, "packlint.toml": settings})
    assert edges(graph_of(tmp_path)) == [
        ("a:base.qemu.debian", "b:qemu.web", ""),
        ("a:base.docker.debian", "b:docker.web", ""),
    ]


def test_settings_join_images_of_several_platforms_where_no_other_is_meant(tmp_path: Path) -> None:
    settings = '[[chain]]\nfrom = "a:*.docker.*"\nto = "b/b.pkr.hcl:qemu.web"\n'
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": OTHER, "packlint.toml": settings})
    assert edges(graph_of(tmp_path)) == [("a:base.docker.debian", "b:qemu.web", "")]


def test_what_is_seen_is_not_said_twice(tmp_path: Path) -> None:
    other = OTHER.replace("SOMETHING", "../a/output-base/debian.qcow2")
    settings = '[[chain]]\nfrom = "a"\nto = "b:qemu.web"\n'
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": other, "packlint.toml": settings})
    assert len(graph_of(tmp_path).derivations) == 1


def test_settings_that_name_an_image_that_there_is_not_are_refused(tmp_path: Path) -> None:
    settings = '[[chain]]\nfrom = "a:base.qemu.debain"\nto = "b"\n'
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": OTHER, "packlint.toml": settings})
    with pytest.raises(SettingsError, match=r"there is no image `base\.qemu\.debain`") as caught:
        graph_of(tmp_path)
    assert caught.value.hint == "did you mean `base.qemu.debian`?"
    assert caught.value.range is not None
    assert (caught.value.range.text, caught.value.range.first.line) == ("from", 2)


def test_settings_that_name_a_template_that_there_is_not_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.pkr.hcl": ONE, "packlint.toml": '[[chain]]\nfrom = "a"\nto = "c"\n'})
    with pytest.raises(SettingsError, match="there is no template `c`"):
        graph_of(tmp_path)


def test_settings_may_speak_of_templates_that_are_not_asked_for(tmp_path: Path) -> None:
    settings = '[[chain]]\nfrom = "a"\nto = "b"\n'
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": OTHER, "packlint.toml": settings})
    found = understand([tmp_path / "b"], Nearest({}, Flags()), tmp_path)
    assert artifact_graph(found.configurations, (), found.declared).derivations == ()


def test_a_base_by_word_of_the_settings_need_not_do_anything_itself(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.pkr.hcl": ONE, "b/b.pkr.hcl": OTHER})
    plugins = load_plugins()
    rules = by_name(load_rules(plugins))

    def told(name: str) -> list[str]:
        outcome = run([tmp_path], Nearest(rules, Flags(select=frozenset({name}))), tmp_path, plugins=plugins)
        return [it.range.document.path for it in outcome.diagnostics]

    assert told("missing-provisioners") == ["a/a.pkr.hcl", "b/b.pkr.hcl"]
    (tmp_path / "packlint.toml").write_text('[[chain]]\nfrom = "a"\nto = "b"\n')
    assert told("missing-provisioners") == ["b/b.pkr.hcl"]
    (tmp_path / "packlint.toml").write_text('[[chain]]\nfrom = "a:nothing"\nto = "b"\n')
    with pytest.raises(SettingsError, match="there is no image `nothing`"):
        told("missing-provisioners")
