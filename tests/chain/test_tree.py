"""The tree that a terminal shows: what starts from what, read off it line by line."""

from __future__ import annotations

from packlint.chain.graph import Edge, Graph, Node
from packlint.chain.tree import summary, to_build_again, tree
from packlint.document import Document, Range

PLACE = Range(Document("a.pkr.hcl", "x"), 0, 1)


def node(address: str, kind: str = "image", *steps: str, changed: bool = False) -> Node:
    place = {"image": "t", "base": "ISO", "missing": "no build makes it"}[kind]
    return Node(address, place, PLACE, 0, kind, steps, changed)  # type: ignore[arg-type]


def edge(producer: int, consumer: int, artifact: str = "", *, back: bool = False) -> Edge:
    return Edge(producer, consumer, artifact, together=False, back=back)


def drawn(nodes: list[Node], edges: list[Edge], width: int = 80, *, ascii_only: bool = False) -> list[str]:
    graph = Graph(tuple(nodes), tuple(edges))
    text = tree(
        graph,
        lambda text, **style: f"[{text}]" if style.get("fg") == "red" else text,
        width,
        ascii_only=ascii_only,
    )
    return text.splitlines()


CHAIN = [
    node("a", "image", "shell (2)", "ansible", "→ vagrant"),
    node("b"),
    node("c"),
    node("alone"),
    node("deb.iso", "base"),
]
EDGES = [edge(0, 1, "out/a.ovf"), edge(0, 2), edge(1, 2, "out/b.ovf"), edge(4, 0)]


def test_below_a_base_stands_what_starts_from_it() -> None:
    assert drawn(CHAIN, EDGES) == [
        "deb.iso   ISO",
        "└── t:a   shell (2) · ansible   → vagrant",
        "    ├── t:b   ← out/a.ovf",
        "    │   └── t:c   ← out/b.ovf",
        "    └── t:c   shown above",
        "",
        "t:alone",
    ]


def test_a_screen_that_knows_no_lines_has_others() -> None:
    assert drawn(CHAIN, EDGES, ascii_only=True) == [
        "deb.iso   ISO",
        "`-- t:a   shell (2) - ansible   -> vagrant",
        "    |-- t:b   <- out/a.ovf",
        "    |   `-- t:c   <- out/b.ovf",
        "    `-- t:c   shown above",
        "",
        "t:alone",
    ]


def test_what_is_missing_and_what_goes_round_is_red() -> None:
    nodes = [node("a"), node("b"), node("c"), node("out/x.ovf", "missing")]
    edges = [edge(0, 1), edge(1, 0, back=True), edge(3, 2)]
    assert drawn(nodes, edges) == [
        "t:a",
        "└── t:b",
        "",
        "[out/x.ovf]   no build makes it",
        "└── t:c",
        "",
        "[cycle: t:a → t:b → t:a]",
    ]


def test_steps_are_cut_where_there_is_no_room() -> None:
    (line,) = drawn([node("a", "image", *(f"step{n}" for n in range(50)))], [], 60)
    assert len(line) <= 60
    assert line.endswith("…")


def test_a_chain_may_be_longer_than_a_screen_is_wide() -> None:
    nodes = [node(f"a{n}") for n in range(3000)]
    lines = drawn(nodes, [edge(n, n + 1) for n in range(2999)])
    assert len(lines) == 3000
    assert max(map(len, lines)) < 200


def test_names_do_not_steer_the_terminal() -> None:
    assert drawn([node("a\x1b[31m\nb\u202e")], []) == ["t:a\\x1b[31m\\x0ab\\u202e"]


def test_the_last_line_counts() -> None:
    assert (
        summary(Graph(tuple(CHAIN), tuple(EDGES)), 2) == "2 templates, 4 images, 2 derived, longest chain 3\n"
    )
    assert summary(Graph((node("a"),), ()), 1) == "1 template, 1 image\n"
    cycle = Graph(
        (node("a"), node("b"), node("x", "missing")), (edge(0, 1), edge(1, 0, back=True), edge(2, 0))
    )
    assert summary(cycle, 1) == "1 template, 2 images, 2 derived, longest chain 2, 1 cycle, 1 missing\n"


def test_what_is_to_be_built_again_has_its_reason() -> None:
    plain = lambda text, **_: text  # noqa: E731
    assert (
        to_build_again([("t:a", "it is new")], 2, plain) == "t:a: it is new\n\n1 of 2 images to build again\n"
    )
    assert to_build_again([], 1, plain) == "0 of 1 image to build again\n"
