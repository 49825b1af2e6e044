"""A graph → a digraph in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.chain.draw.trim import end, middle
from packlint.chain.graph import Edge, Graph, Node, clusters

NAME, ARTIFACT, STEPS = 60, 44, 70
"""Columns of a text in a box, beside an arrow, and of the steps of an image."""

HEAD = (
    "digraph packlint {",
    "  rankdir=LR;",
    '  graph [fontname="Helvetica", color="#8c959f", style="rounded"];',
    '  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#8c959f", fontname="Helvetica"];',
    '  edge [color="#6e7781", fontname="Helvetica", fontsize=10];',
)

RED = '"#b3261e"'


def dot(graph: Graph) -> str:
    """The digraph; templates that have several images are clusters."""
    lines = [*HEAD]
    red = {end for edge in graph.edges if edge.back for end in (edge.producer, edge.consumer)}
    together, alone = clusters(graph)
    for number, (place, members) in enumerate(together.items()):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_quoted([middle(place, NAME)])};")
        lines += (f"    {_node(it, graph.nodes[it], within=True, red=it in red)}" for it in members)
        lines.append("  }")
    lines += (f"  {_node(it, graph.nodes[it], within=False, red=it in red)}" for it in alone)
    lines += (f"  {_edge(edge, graph)}" for edge in graph.edges)
    if graph.left_out:
        lines.append(f"  // {graph.left_out} more are left out")
    return "".join(f"{line}\n" for line in (*lines, "}"))


def _node(number: int, node: Node, within: bool, red: bool) -> str:
    rows = [middle(node.address, NAME)]
    if not within:
        rows.append(middle(node.place, NAME))
    if node.steps:
        rows.append(end(" · ".join(node.steps).replace(" · →", " →"), STEPS))
    return f"n{number} [{', '.join([f'label={_quoted(rows)}', *_looks(node, red)])}];"


def _looks(node: Node, red: bool) -> Iterator[str]:
    if node.kind == "missing":
        yield f'style="rounded,filled,dashed", fillcolor="#fdecea", color={RED}, fontcolor={RED}'
    elif node.kind == "base":
        yield 'shape=ellipse, style="dashed"'
    elif red:
        yield f"color={RED}, penwidth=2"
    elif node.changed:
        yield 'fillcolor="#fff3d6", color="#9a5b00", penwidth=2'


def _edge(edge: Edge, graph: Graph) -> str:
    looks = [f"label={_quoted([middle(edge.artifact, ARTIFACT)])}"] if edge.artifact else []
    if edge.back or graph.nodes[edge.producer].kind == "missing":
        looks.append(f"color={RED}, penwidth=2")
    if edge.together:
        looks.append("style=dashed")
    told = f" [{', '.join(looks)}]" if looks else ""
    return f"n{edge.producer} -> n{edge.consumer}{told};"


def _quoted(rows: list[str]) -> str:
    r"""Rows as a label, between quotes: Graphviz takes `\N` and `&amp;` in it for something else."""
    told = (row.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for row in rows)
    return '"' + "\\n".join(told) + '"'
