"""The digraph for Graphviz, read back by Graphviz itself."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from packlint.chain.dot import dot
from packlint.chain.graph import Edge, Graph, Node
from packlint.document import Document, Range

PLACE = Range(Document("a.pkr.hcl", "x"), 0, 1)

needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


def graph_of(name: str) -> Graph:
    nodes = (
        Node(name, "t", PLACE, 0, steps=(name,)),
        Node("b", "t", PLACE, 0, changed=True),
        Node("c", name, PLACE, 0),
        Node(name, name, PLACE, 0, "base"),
        Node(name, name, PLACE, 0, "missing"),
    )
    edges = (
        Edge(0, 1, name, together=True, back=False),
        Edge(1, 0, name, together=False, back=True),
        Edge(3, 0, "", together=False, back=False),
        Edge(4, 2, "", together=False, back=False),
    )
    return Graph(nodes, edges, 2)


@needs_graphviz
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("images/base", "images/base"),
        ('a"]; n9 -> n0; //', 'a\\"]; n9 -> n0; //'),
        ("a\\", "a\\\\"),
        ("\\N\\G", "\\\\N\\\\G"),
        ("a\n} digraph x {", "a\\\\x0a} digraph x {"),
        ("<b>&lt;</b>", "<b>&amp;lt;</b>"),
        ("\x1b[31m", "\\\\x1b[31m"),
        ("é→", "é→"),
    ],
)
def test_graphviz_reads_what_was_meant(name: str, label: str) -> None:
    done = subprocess.run(
        ["dot", "-Tdot_json"], input=dot(graph_of(name)), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    read = json.loads(done.stdout)
    nodes = {it["name"]: it for it in read["objects"] if not it["name"].startswith("cluster")}
    assert sorted(nodes) == ["n0", "n1", "n2", "n3", "n4"]
    # Graphviz keeps a label as it is written: what its escapes stand for comes when it draws.
    assert nodes["n3"]["label"].replace('\\"', '"') == f"{label}\\n{label}".replace('\\"', '"')
    ends = {
        (read["objects"][it["tail"]]["name"], read["objects"][it["head"]]["name"]) for it in read["edges"]
    }
    assert ends == {("n0", "n1"), ("n1", "n0"), ("n3", "n0"), ("n4", "n2")}
    (cluster,) = [it for it in read["objects"] if it["name"].startswith("cluster")]
    assert cluster["label"] == "t"
    assert len(cluster["nodes"]) == 2


@needs_graphviz
def test_graphviz_draws_a_name_as_it_is() -> None:
    done = subprocess.run(
        ["dot", "-Tplain"], input=dot(graph_of('\\N "x" &amp; y')), capture_output=True, text=True, check=True
    )
    assert "n3" in done.stdout
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=dot(graph_of('\\N "x" &amp; y')), capture_output=True, text=True, check=True
    )
    assert ">\\N &quot;x&quot; &amp;amp; y</text>" in drawn.stdout.replace("&#160;", " ")


def test_what_is_wrong_is_red() -> None:
    lines = dot(graph_of("a")).splitlines()
    (round_,) = [line for line in lines if line.startswith("  n1 -> n0")]
    (lacking,) = [line for line in lines if line.startswith("  n4 [")]
    assert "#b3261e" in round_
    assert "#b3261e" in lacking
    assert "  // 2 more are left out" in lines
