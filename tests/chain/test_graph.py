"""The whole graph of a run: images with their steps, bases, what is missing, and cycles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from packlint.chain.artifacts import links
from packlint.chain.cycles import cycles
from packlint.chain.dot import dot
from packlint.chain.draw.picture import svg
from packlint.chain.graph import MOST_EDGES, MOST_NODES, Edge, Graph, Node, limited, whole
from packlint.chain.images import artifact_graph
from packlint.chain.mermaid import mermaid
from packlint.chain.missing import not_made
from packlint.chain.tree import tree
from packlint.chain.view import to_json
from packlint.document import Document, Range
from packlint.pipeline import understand
from packlint.settings import Settings

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
PLACE = Range(Document("a.pkr.hcl", "x"), 0, 1)

BASE = """
source "virtualbox-iso" "base" {
  iso_url = "https://example.com/debian.iso"
  vm_name = "debian"
}
source "qemu" "base" {
  iso_url = "https://mirror.example.com/debian.iso"
}
build {
  sources = ["source.virtualbox-iso.base", "source.qemu.base"]
  provisioner "shell" {
    inline = ["true"]
  }
  provisioner "shell" {
    inline = ["false"]
  }
  provisioner "file" {
    only        = ["virtualbox-iso.base"]
    source      = "a"
    destination = "b"
  }
  provisioner "shell" {
    inline = ["true"]
  }
  post-processors {
    post-processor "compress" {}
    post-processor "checksum" {}
  }
  post-processor "manifest" {}
}
"""
WEB = """
source "virtualbox-ovf" "web" {
  source_path = "../base/output-SOMETHING/debian.ovf"
}
build {
  sources = ["source.virtualbox-ovf.web"]
}
"""


def whole_of(folder: Path, texts: Mapping[str, str] | None = None, **more: object) -> Graph:
    """The whole graph of the templates in a folder, where these are written first."""
    for name, text in (texts or {}).items():
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text(text)
    found = understand([folder], Settings(), folder).configurations
    return whole(artifact_graph(found, links(found)), found, **more)  # type: ignore[arg-type]


def told(graph: Graph) -> list[tuple[str, str, str]]:
    return [
        (graph.nodes[it.producer].address, graph.nodes[it.consumer].address, it.artifact)
        for it in graph.edges
    ]


def test_an_image_has_its_steps_and_equal_bases_are_one(tmp_path: Path) -> None:
    graph = whole_of(tmp_path, {"base/a.pkr.hcl": BASE})
    box, disk, iso = graph.nodes
    made = ("→ compress → checksum", "→ manifest")
    assert (box.address, box.place, box.steps) == (
        "virtualbox-iso.base",
        "base",
        ("shell (2)", "file", "shell", *made),
    )
    assert disk.steps == ("shell (3)", *made)
    assert (iso.address, iso.place, iso.kind, iso.layer) == ("debian.iso", "ISO", "base", 0)
    assert [(it.producer, it.consumer) for it in graph.edges] == [(2, 0), (2, 1)]


def test_what_another_image_is_made_of_is_no_base(tmp_path: Path) -> None:
    graph = whole_of(tmp_path, {"base/a.pkr.hcl": BASE, "web/a.pkr.hcl": WEB.replace("SOMETHING", "base")})
    assert told(graph)[0] == ("virtualbox-iso.base", "virtualbox-ovf.web", "../base/output-base/debian.ovf")
    assert [node.layer for node in graph.nodes] == [1, 1, 2, 0]


def test_what_no_build_makes_is_missing_where_the_rule_says_so(tmp_path: Path) -> None:
    graph = whole_of(tmp_path, {"base/a.pkr.hcl": BASE, "web/a.pkr.hcl": WEB.replace("SOMETHING", "bse")})
    missing = [node for node in graph.nodes if node.kind == "missing"]
    assert [node.address for node in missing] == ["../base/output-bse/debian.ovf"]
    assert ("../base/output-bse/debian.ovf", "virtualbox-ovf.web", "") in told(graph)
    # What is there, may be there, or lies elsewhere, is a base.
    for path in ("../base/in/debian.ovf", "../../output-x/debian.ovf", "https://example.com/output-x/d.ovf"):
        web = WEB.replace("../base/output-SOMETHING/debian.ovf", path)
        graph = whole_of(tmp_path, {"web/a.pkr.hcl": web})
        assert not [node for node in graph.nodes if node.kind == "missing"]


def test_a_template_that_was_not_asked_for_may_make_it(tmp_path: Path) -> None:
    other = (
        BASE.replace('"base"', '"other"').replace("iso.base", "iso.other").replace("qemu.base", "qemu.other")
    )
    web = WEB.replace("SOMETHING", "other")
    texts = {"asked/base/a.pkr.hcl": BASE, "asked/web/a.pkr.hcl": web, "base/a.pkr.hcl": other}
    folder = tmp_path / "asked"
    graph = whole_of(tmp_path, texts)
    found = understand([folder], Settings(), tmp_path).configurations
    assert len([*not_made(found)]) == 1
    images = artifact_graph(found, links(found))
    path = "../base/output-other/debian.ovf"
    assert path in [node.address for node in whole(images, found).nodes if node.kind == "missing"]
    moved = [it for it in understand([tmp_path], Settings(), tmp_path).configurations if it not in found]
    graph = whole(images, found, others=lambda: moved)
    assert [node.kind for node in graph.nodes if node.address == path] == ["missing"]
    # One that does make it, by the folder that its path counts from.
    tmp_path.joinpath("asked/base/b.pkr.hcl").write_text(other)
    both = understand([folder], Settings(), tmp_path).configurations
    extra = [it for it in both if it.template.path.endswith("base")]
    assert not [n for n in whole(images, found, others=lambda: extra).nodes if n.kind == "missing"]


def test_a_secret_is_no_name(tmp_path: Path) -> None:
    graph = whole_of(tmp_path, {"a.pkr.hcl": BASE}, is_secret=lambda place, text: text == "debian.iso")
    assert {node.kind for node in graph.nodes} == {"image"}
    # Something is missing whatever it is called.
    web = 'variable "b" {\n  default   = "bse"\n  sensitive = true\n}\n' + WEB.replace(
        "SOMETHING", "${var.b}"
    )
    graph = whole_of(tmp_path, {"base/a.pkr.hcl": BASE, "web/a.pkr.hcl": web})
    assert [node.address for node in graph.nodes if node.kind == "missing"] == ["(sensitive)"]


TANGLE = """
source "tart-cli" "a" {
  vm_name      = "a"
  vm_base_name = "b"
}
source "tart-cli" "b" {
  vm_name      = "b"
  vm_base_name = "a"
}
source "tart-cli" "c" {
  vm_name      = "c"
  vm_base_name = "b"
}
build {
  sources = ["source.tart-cli.a", "source.tart-cli.b", "source.tart-cli.c"]
}
"""


def test_a_cycle_is_told(tmp_path: Path) -> None:
    graph = whole_of(tmp_path, {"a.pkr.hcl": TANGLE})
    assert cycles(graph) == ((0, 1),)
    assert [edge.back for edge in graph.edges].count(True) == 1


def made_of(pairs: list[tuple[int, int]], nodes: int) -> Graph:
    """A graph of images, with every edge to a lower number a way back."""
    edges = (Edge(one, other, "", together=False, back=other <= one) for one, other in pairs)
    return Graph(tuple(Node(f"a{n}", "t", PLACE, 0) for n in range(nodes)), tuple(edges))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 1), (1, 2)], ()),
        ([(0, 1), (1, 2), (2, 0)], ((0, 1, 2),)),
        ([(0, 1), (1, 2), (2, 0), (1, 0)], ((0, 1),)),
        ([(1, 2), (2, 1), (2, 3), (3, 4), (4, 3)], ((1, 2), (3, 4))),
    ],
)
def test_each_tangle_is_told_by_its_shortest_way_round(
    pairs: list[tuple[int, int]], expected: tuple[tuple[int, ...], ...]
) -> None:
    assert cycles(made_of(pairs, 5)) == expected


def test_a_long_chain_needs_no_deep_stack() -> None:
    ring = [(n, n + 1) for n in range(20_000)]
    assert cycles(made_of(ring, 20_001)) == ()
    assert cycles(made_of([*ring, (20_000, 0)], 20_001)) == (tuple(range(20_001)),)


def test_of_too_many_those_are_drawn_that_have_to_do_with_each_other() -> None:
    images = tuple(Node(f"a{n}", "t", PLACE, 0) for n in range(1000))
    base = Node("b.iso", "ISO", PLACE, 0, "base")
    edges = [Edge(1000, n, "", together=False, back=False) for n in range(900)]
    edges.append(Edge(950, 951, "", together=False, back=False))
    drawn = limited(Graph((*images, base), tuple(edges)))
    assert len(drawn.nodes) <= MOST_NODES
    assert len(drawn.edges) <= MOST_EDGES
    assert ("a950", "a951", "") in told(drawn)
    assert drawn.left_out == 901 - len(drawn.edges) + 98  # links, and images without any
    small = Graph(images[:3], ())
    assert limited(small) is small


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        (
            "rylagek+pack_everything",
            [
                ("security-onion-base.virtualbox-iso.base", "so-eval.virtualbox-ovf.eval"),
                (
                    "security-onion-base.virtualbox-iso.base",
                    "security-onion-standalone.virtualbox-ovf.so-standalone",
                ),
                (
                    "security-onion-base.virtualbox-iso.base",
                    "security-onion-mgr-sch.virtualbox-ovf.so-mgr-sch",
                ),
            ],
        ),
        ("cirruslabs+packer-plugin-tart", [("tart-cli.tart", "tart-cli.tart")] * 2),
        ("trfore+packer-proxmox-templates", [("proxmox-iso.ubuntu22", "proxmox-clone.image")]),
        ("hashicorp+packer-plugin-vagrant", [("vagrant.example", "vagrant.frombox")] * 2),
    ],
)
def test_known_chains_of_real_repositories(repository: str, expected: list[tuple[str, str]]) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the project")
    found = understand([CORPUS / repository], Settings(), CORPUS / repository).configurations
    graph = artifact_graph(found, links(found))
    assert [(it.producer.label, it.consumer.label) for it in graph.derivations] == expected
    assert not [node for node in whole(graph, found).nodes if node.kind == "missing"]


def test_every_repository_of_the_corpus_has_a_graph() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the project")
    schema = json.loads(files("packlint.schemas").joinpath("graph.schema.json").read_text(encoding="utf-8"))
    for repository in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        found = understand([repository], Settings(), repository).configurations
        images = artifact_graph(found, links(found))
        graph = whole(images, found)
        jsonschema.validate(json.loads(to_json(images, graph)), schema)
        assert tree(graph, lambda text, **_: text).count("\n") >= len(images.images)
        drawn = limited(graph)
        for draw in (mermaid, dot, svg):
            assert drawn.nodes == () or draw(drawn)
