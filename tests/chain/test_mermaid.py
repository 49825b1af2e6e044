"""The flowchart for Mermaid: each line by a strict grammar, so that no name can be more than text."""

from __future__ import annotations

import re

import pytest

from packlint.chain.graph import Edge, Graph, Node
from packlint.chain.mermaid import mermaid
from packlint.document import Document, Range

PLACE = Range(Document("a.pkr.hcl", "x"), 0, 1)

TEXT = r"(?:[\w .,:/@+()=→·…-]|#\d+;|<br/>)+"
LINES = (
    r"flowchart LR",
    rf'  subgraph t\d+\["{TEXT}"\]',
    r"  end",
    rf' {{2,4}}n\d+(?:\["{TEXT}"\]|\(\["{TEXT}"\]\))',
    rf'  n\d+ (?:-->|-\.->)(?:\|"{TEXT}"\|)? n\d+',
    r"  classDef \w+ [\w:#, -]+",
    r"  class n\d+(?:,n\d+)* \w+",
    r"  linkStyle \d+(?:,\d+)* [\w:#,-]+",
    r"  %% \d+ more are left out",
)

HOSTILE = (
    'a"]; n0 --> n1',
    "a\n  end\n  click n0 call alert()",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "#quot;#93;&quot;",
    "%% comment",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "`**bold**`",
    "end",
    "1. list",
    "- list",
    "\x1b[31m\u202e\x00",
    "|pipes|",
    "",
)


def graph_of(name: str) -> Graph:
    """A graph with every kind of node and edge, and a name wherever one may stand."""
    nodes = (
        Node(name, name, PLACE, 0, steps=(name,)),
        Node(name, name, PLACE, 0, changed=True),
        Node("b", "other", PLACE, 0),
        Node(name, name, PLACE, 0, "base"),
        Node(name, name, PLACE, 0, "missing"),
    )
    edges = (
        Edge(0, 1, name, together=True, back=False),
        Edge(1, 0, name, together=False, back=True),
        Edge(3, 0, "", together=False, back=False),
        Edge(4, 2, "", together=False, back=False),
    )
    return Graph(nodes, edges, 3)


@pytest.mark.parametrize("name", ["images/base", *HOSTILE])
def test_every_line_is_of_the_grammar(name: str) -> None:
    lines = mermaid(graph_of(name)).split("\n")
    assert lines.pop() == ""
    for line in lines:
        assert any(re.fullmatch(pattern, line) for pattern in LINES), line
    assert sum("-->" in line or "-.->" in line for line in lines) == 4
    assert sum(line.strip() == "end" for line in lines) == 1


def test_a_flowchart_has_templates_as_boxes_and_marks_what_is_wrong() -> None:
    assert (
        mermaid(graph_of("a"))
        == """flowchart LR
  subgraph t0["a"]
    n0["a<br/>a"]
    n1["a"]
  end
  n2["b<br/>other"]
  n3(["a<br/>a"])
  n4(["a<br/>a"])
  n0 -.->|"a"| n1
  n1 -->|"a"| n0
  n3 -.-> n0
  n4 -.-> n2
  classDef base fill:#eef2f6,stroke:#6e7781,color:#1f2328,stroke-dasharray:3 3
  class n3 base
  classDef missing fill:#fdecea,stroke:#b3261e,color:#b3261e,stroke-width:2px
  class n4 missing
  classDef changed fill:#fff3d6,stroke:#9a5b00,color:#1f2328,stroke-width:3px
  class n1 changed
  classDef cycle stroke:#b3261e,stroke-width:3px
  class n0,n1 cycle
  linkStyle 1,3 stroke:#b3261e,stroke-width:2px
  %% 3 more are left out
"""
    )
