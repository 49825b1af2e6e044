"""Drawings of chains: what is in the graph, where it goes, and that names of a template stay text."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from packlint.chain.draw import svg
from packlint.chain.graph import MOST_EDGES, MOST_NODES, Graph, graph
from packlint.chain.layout import layout
from packlint.document import Document, Range
from packlint.files import Files
from packlint.model import Argument, Arguments, Build, Configuration, Source, SourceUse, Template
from packlint.project import Link
from packlint.syntax import Literal
from packlint.value import Known

SVG = "{http://www.w3.org/2000/svg}"


def chain(
    pairs: Iterable[tuple[str, str] | tuple[str, str, str]], together: Iterable[tuple[str, str]] = ()
) -> tuple[list[Link], list[Configuration]]:
    """Links between sources of builder `qemu` in one template `images/`, by their names."""
    pairs = list(pairs)
    together = set(together)
    document = Document("images/all.pkr.hcl", "x")
    place = Range(document, 0, 1)
    argument = Argument("iso_url", Literal(place, "x"), Known("x"), place, place)
    nothing = Arguments({})
    names = dict.fromkeys(name for pair in pairs for name in pair[:2])
    sources = {name: Source("qemu", name, nothing, place, place) for name in names}
    uses = {
        name: SourceUse(f"source.qemu.{name}", "qemu", name, name, source, nothing, nothing, place)
        for name, source in sources.items()
    }
    build = Build(None, None, tuple(uses.values()), False, (), (), (), False, place, place)
    template = Template("images", (document.path,), Files(Path()))
    links = [
        Link(
            uses[pair[0]],
            sources[pair[1]],
            argument,
            pair[2] if len(pair) > 2 else f"out/{pair[0]}",
            together=pair[:2] in together,
        )
        for pair in pairs
    ]
    return links, [Configuration(template, (), sources=tuple(sources.values()), builds=(build,))]


def drawn(*pairs: tuple[str, str]) -> Graph:
    return graph(*chain(pairs))


def layers(shown: Graph) -> dict[str, int]:
    return {node.address.removeprefix("qemu."): node.layer for node in shown.nodes}


def texts(picture: str, kind: str) -> list[str]:
    return [it.text or "" for it in ET.fromstring(picture).iter(f"{SVG}text") if it.get("class") == kind]


def test_a_source_comes_after_all_that_it_starts_from() -> None:
    # `d` starts from `a` and from `c`, which is the longer way.
    assert layers(drawn(("a", "b"), ("b", "c"), ("a", "d"), ("c", "d"))) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_each_source_is_a_node_and_each_artifact_an_edge_once() -> None:
    shown = drawn(("a", "b"), ("a", "b"), ("a", "c"))
    assert [node.address for node in shown.nodes] == ["qemu.a", "qemu.b", "qemu.c"]
    assert [(edge.producer, edge.consumer, edge.artifact) for edge in shown.edges] == [
        (0, 1, "out/a"),
        (0, 2, "out/a"),
    ]
    assert [node.place for node in shown.nodes] == ["images"] * 3


def test_one_build_that_starts_both_is_told_of_an_edge() -> None:
    shown = graph(*chain([("a", "b"), ("b", "c")], together=[("b", "c")]))
    assert [edge.together for edge in shown.edges] == [False, True]
    assert svg(shown).count('<g class="edge together">') == 1


def test_templates_that_share_a_directory_are_told_apart_by_their_files() -> None:
    links, (configuration,) = chain([("a", "b")])
    more, (other,) = chain([("a", "b")])
    shown = graph([*links, *more], [configuration, other])
    assert [node.place for node in shown.nodes] == ["images/all.pkr.hcl"] * 4


def test_a_circle_is_drawn_and_does_not_hang() -> None:
    shown = drawn(("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "e"))
    assert [edge.back for edge in shown.edges] == [False, False, True, False]
    assert layers(shown) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert svg(shown).count('<g class="edge back">') == 1


def test_nothing_is_drawn_of_nothing() -> None:
    assert svg(graph((), ())) == ""
    assert svg(drawn(("e", "e"))) == ""


def test_too_many_sources_are_counted() -> None:
    pairs = [(f"a{number}", f"b{number}") for number in range(300)]
    shown = drawn(*pairs)
    assert len(shown.nodes) == MOST_NODES
    assert shown.left_out == 300 - MOST_NODES // 2
    assert f"There are {shown.left_out + len(shown.edges) - 50} more links." in svg(shown)


def test_too_many_links_are_counted() -> None:
    names = [f"s{number}" for number in range(40)]
    shown = drawn(*((one, other) for at, one in enumerate(names) for other in names[at + 1 :]))
    assert len(shown.edges) == MOST_EDGES
    assert shown.left_out == 40 * 39 // 2 - MOST_EDGES


def overlaps(one: Sequence[float], other: Sequence[float]) -> bool:
    (x, y, width, height), (x2, y2, width2, height2) = one, other
    return x < x2 + width2 and x2 < x + width and y < y2 + height2 and y2 < y + height


def test_boxes_do_not_overlap_and_lines_lead_from_box_to_box() -> None:
    pairs = [(f"s{number // 3}", f"s{number}") for number in range(1, 60)]
    pairs += [(f"s{number}", f"s{number + 7}") for number in range(0, 50, 3)]
    shown = drawn(*pairs)
    spread = layout(shown, [100.0] * len(shown.nodes), [50.0] * len(shown.edges))
    for number, box in enumerate(spread.boxes):
        assert box.x >= 0 and box.x + box.width <= spread.width
        assert box.y >= -0.01 and box.y + box.height <= spread.height + 0.01
        assert not any(overlaps(box, other) for other in spread.boxes[number + 1 :])
    for edge, route in zip(shown.edges, spread.routes, strict=True):
        start, end = spread.boxes[edge.producer], spread.boxes[edge.consumer]
        assert route.points[0] == (start.x + start.width, start.y + start.height / 2)
        x, y = route.points[-1]
        assert x == end.x and end.y <= y <= end.y + end.height
        assert all(before[0] <= after[0] for before, after in pairwise(route.points))


def test_lines_that_end_at_one_box_end_apart() -> None:
    shown = drawn(*((f"a{number}", "z") for number in range(8)))
    spread = layout(shown, [100.0] * 9, [50.0] * 8)
    ends = sorted(route.points[-1][1] for route in spread.routes)
    assert all(below - above >= 20 for above, below in pairwise(ends))


def test_a_large_graph_is_drawn_in_no_time() -> None:
    pairs = [(f"s{number}", f"s{number + 1}") for number in range(MOST_NODES - 1)]
    pairs += [("s0", f"s{number}") for number in range(2, MOST_NODES)]
    started = time.process_time()
    picture = svg(drawn(*pairs))
    assert time.process_time() - started < 10
    assert len(picture) < 3_000_000


HOSTILE = "</text><script>alert(1)</script>\"'&]]>\x00\x1b[2J\u202e\ud800\uffff`"


def test_names_of_a_template_stay_text() -> None:
    links, configurations = chain([(HOSTILE, "b", HOSTILE)])
    picture = svg(graph(links, configurations))
    root = ET.fromstring(picture.encode())
    assert {element.tag for element in root.iter()} == {
        SVG + name for name in ("svg", "title", "desc", "g", "path", "rect", "text")
    }
    shown = "</text><script>alert(1)</script>\"'&]]>\\x00\\x1b[2J\\u202e\\ud800\\uffff`"
    titles = [it.text for it in root.iter(f"{SVG}title")]
    assert shown in titles
    assert f"qemu.{shown} in images" in titles
    assert not any(name.startswith("on") or "href" in name for it in root.iter() for name in it.attrib)


def test_long_names_lose_their_middle() -> None:
    links, configurations = chain([("a" * 5000, "世" * 5000, "o" * 5000)])
    picture = svg(graph(links, configurations))
    (label,) = texts(picture, "label")
    assert len(label) <= 30 and "…" in label
    first, second = texts(picture, "address")
    assert first.startswith("qemu.aaa") and len(first) <= 44
    assert len(second) <= 30, "a wide character takes two columns"
    assert float(ET.fromstring(picture).get("width", "")) < 1200


def test_the_picture_tells_what_it_shows() -> None:
    root = ET.fromstring(svg(drawn(("a", "b"))))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and desc is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert desc.text == "qemu.b in images starts from out/a, which qemu.a in images makes."


def test_the_same_links_give_the_same_picture() -> None:
    pairs = [("a", "b"), ("b", "c"), ("a", "c")]
    assert svg(drawn(*pairs)) == svg(drawn(*pairs))
