"""A graph → a flowchart in the language of Mermaid, which many sites draw in their Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.chain.draw.trim import end, middle
from packlint.chain.graph import Edge, Graph, Node, clusters

NAME, ARTIFACT, STEPS = 48, 36, 60
"""Columns of a text in a box, above an arrow, and of the steps of an image."""

PLAIN = frozenset(" _-.,:/@+()=→·…")
"""Characters beside letters and digits that mean nothing to Mermaid within quotes."""

CLASSES = {
    "base": "fill:#eef2f6,stroke:#6e7781,color:#1f2328,stroke-dasharray:3 3",
    "missing": "fill:#fdecea,stroke:#b3261e,color:#b3261e,stroke-width:2px",
    "changed": "fill:#fff3d6,stroke:#9a5b00,color:#1f2328,stroke-width:3px",
    "cycle": "stroke:#b3261e,stroke-width:3px",
}
"""What nodes look like that are something else than an image."""

RED = "stroke:#b3261e,stroke-width:2px"


def mermaid(graph: Graph) -> str:
    """The flowchart; templates that have several images are boxes around these."""
    lines = ["flowchart LR"]
    together, alone = clusters(graph)
    for number, (place, members) in enumerate(together.items()):
        lines.append(f'  subgraph t{number}["{_text(place, NAME)}"]')
        lines += (f"    {_node(member, graph.nodes[member], within=True)}" for member in members)
        lines.append("  end")
    lines += (f"  {_node(number, graph.nodes[number], within=False)}" for number in alone)
    lines += (f"  {_edge(edge, graph)}" for edge in graph.edges)
    lines += _styles(graph)
    if graph.left_out:
        lines.append(f"  %% {graph.left_out} more are left out")
    return "".join(f"{line}\n" for line in lines)


def _node(number: int, node: Node, within: bool) -> str:
    rows = [_text(node.address, NAME)]
    if not within:
        rows.append(_text(node.place, NAME))
    if node.steps:
        rows.append(_text(" · ".join(node.steps).replace(" · →", " →"), STEPS))
    left, right = ("[", "]") if node.kind == "image" else ("([", "])")
    return f'n{number}{left}"{"<br/>".join(rows)}"{right}'


def _edge(edge: Edge, graph: Graph) -> str:
    arrow = "-.->" if edge.together or graph.nodes[edge.producer].kind != "image" else "-->"
    label = f'|"{_text(edge.artifact, ARTIFACT)}"|' if edge.artifact else ""
    return f"n{edge.producer} {arrow}{label} n{edge.consumer}"


def _styles(graph: Graph) -> Iterator[str]:
    back = [edge for edge in graph.edges if edge.back]
    named = {
        "base": [number for number, node in enumerate(graph.nodes) if node.kind == "base"],
        "missing": [number for number, node in enumerate(graph.nodes) if node.kind == "missing"],
        "changed": [number for number, node in enumerate(graph.nodes) if node.changed],
        "cycle": sorted({end for edge in back for end in (edge.producer, edge.consumer)}),
    }
    for name, numbers in named.items():
        if numbers:
            yield f"  classDef {name} {CLASSES[name]}"
            yield f"  class {','.join(f'n{number}' for number in numbers)} {name}"
    red = [
        number
        for number, edge in enumerate(graph.edges)
        if edge.back or graph.nodes[edge.producer].kind == "missing"
    ]
    if red:
        yield f"  linkStyle {','.join(map(str, red))} {RED}"


def _text(text: str, room: int) -> str:
    """A text between quotes: whatever may mean something there is written as a number."""
    shown = end(text, room) if room == STEPS else middle(text, room)
    cells = [it if it.isalnum() or it in PLAIN else f"#{ord(it)};" for it in shown]
    # At its beginning a digit, a dash or a plus sign may make a list.
    if cells and (cells[0].isdigit() or cells[0] in "-+"):
        cells[0] = f"#{ord(cells[0])};"
    return "".join(cells) or "#8203;"
