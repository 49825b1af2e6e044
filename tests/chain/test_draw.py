"""Drawings of chains: what is in the graph, where it goes, and that names of a template stay text."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from packlint.chain.draw.layout import layout
from packlint.chain.draw.look import COLORS
from packlint.chain.draw.picture import svg
from packlint.chain.draw.trim import middle
from packlint.chain.graph import MOST_EDGES, MOST_NODES, Edge, Graph, Node, graph
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


@pytest.mark.parametrize("down", [True, False], ids=["down", "right"])
def test_boxes_do_not_overlap_and_lines_lead_from_box_to_box_around_others(down: bool) -> None:
    pairs = [(f"s{number // 3}", f"s{number}") for number in range(1, 60)]
    pairs += [(f"s{number}", f"s{number + 7}") for number in range(0, 50, 3)]
    shown = drawn(*pairs)
    spread = layout(shown, [(100.0, 48.0)] * len(shown.nodes), [50.0] * len(shown.edges), down)
    assert spread.down is down
    for number, box in enumerate(spread.boxes):
        assert box.x >= 0 and box.x + box.width <= spread.width
        assert box.y >= -0.01 and box.y + box.height <= spread.height + 0.01
        assert not any(overlaps(box, other) for other in spread.boxes[number + 1 :])
    for edge, route in zip(shown.edges, spread.routes, strict=True):
        start, end = spread.boxes[edge.producer], spread.boxes[edge.consumer]
        first, last = route.points[0], route.points[-1]
        if down:
            assert first[1] == start.y + start.height and start.x <= first[0] <= start.x + start.width
            assert last[1] == end.y and end.x <= last[0] <= end.x + end.width
        else:
            assert first[0] == start.x + start.width and start.y <= first[1] <= start.y + start.height
            assert last[0] == end.x and end.y <= last[1] <= end.y + end.height
        assert all(before[down] <= after[down] for before, after in pairwise(route.points))
        for (x, y), (to_x, to_y) in pairwise(route.points):
            flight = min(x, to_x), min(y, to_y), abs(to_x - x), abs(to_y - y)
            crossed = [it for it in spread.boxes if it not in (start, end) and overlaps(flight, it)]
            assert not crossed, "a line keeps within the rectangle between its points"


def test_lines_that_end_at_one_box_end_apart() -> None:
    shown = drawn(*((f"a{number}", "z") for number in range(8)))
    spread = layout(shown, [(100.0, 48.0)] * 9, [50.0] * 8)
    ends = sorted(route.points[-1][0 if spread.down else 1] for route in spread.routes)
    assert all(after - before >= 14 for before, after in pairwise(ends))


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
    assert len(label) <= 26 and "…" in label
    first, second = texts(picture, "address")
    assert first.startswith("qemu.aaa") and len(first) <= 34
    assert len(second) <= 22, "a wide character takes two columns"
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


# what is in the boxes, and pictures that stand by themselves

PLACE = Range(Document("images/all.pkr.hcl", "x"), 0, 1)


def node(address: str, layer: int, place: str = "images", **more: Any) -> Node:
    return Node(address, place, PLACE, layer, **more)


def marked() -> Graph:
    """Every mark that there is: a base, something missing, a change, a circle, two of one build."""
    return Graph(
        (
            node("debian.iso", 0, "ISO", kind="base"),
            node("qemu.base", 1, steps=("shell (2)", "→ vagrant")),
            node("qemu.web", 2, "web", changed=True),
            node("qemu.other", 2),
            node("output/gone.qcow2", 0, "no build makes it", kind="missing"),
        ),
        (
            Edge(0, 1, "debian.iso", together=False, back=False),
            Edge(1, 2, "output/base.qcow2", together=False, back=False),
            Edge(1, 3, "web/../output/base.qcow2", together=True, back=False),
            Edge(3, 1, "output/other.qcow2", together=False, back=True),
            Edge(4, 2, "output/gone.qcow2", together=False, back=False),
        ),
        left_out=3,
    )


def rules(picture: str) -> str:
    (style,) = ET.fromstring(picture).iter(f"{SVG}style")
    return style.text or ""


def test_a_box_tells_what_is_done_and_its_title_tells_all_of_it() -> None:
    steps = tuple(f"provisioner-{number}" for number in range(9))
    picture = svg(Graph((node("qemu.a", 0, steps=steps),), ()))
    (shown,) = texts(picture, "steps")
    assert shown.startswith("provisioner-0 · provisioner-1") and shown.endswith("…")
    assert f"qemu.a in images: {', '.join(steps)}" in [
        it.text for it in ET.fromstring(picture).iter(f"{SVG}title")
    ]


def test_a_box_with_more_lines_is_higher_and_none_overlap() -> None:
    root = ET.fromstring(svg(Graph((node("qemu.a", 0), node("qemu.b", 0, steps=("shell",))), ())))
    heights = [float(it.get("height", "")) for it in root.iter(f"{SVG}rect")]
    assert heights[1] - heights[0] >= 11


def test_one_artifact_for_several_has_one_label_and_a_base_has_none() -> None:
    assert texts(svg(marked()), "label") == ["output/base.qcow2", "output/other.qcow2"]


def test_classes_tell_what_a_box_is() -> None:
    groups = [it.get("class") for it in ET.fromstring(svg(marked())).iter(f"{SVG}g")]
    assert [it for it in groups if it and it.startswith("node")] == [
        "node base",
        "node",
        "node changed",
        "node",
        "node missing",
    ]


def test_a_legend_has_the_marks_that_occur_and_no_others() -> None:
    def legend(shown: Graph) -> list[str]:
        root = ET.fromstring(svg(shown, standalone=True))
        found = [it for it in root.iter(f"{SVG}g") if it.get("class") == "legend"]
        return [text.text or "" for it in found for text in it.iter(f"{SVG}text")]

    assert legend(marked()) == [
        "color: images of one template",
        "one build starts both, neither waits",
        "closes a circle",
        "has to be built again",
        "3 more links are not drawn",
    ]
    assert legend(drawn(("a", "b"))) == []
    assert "legend" not in svg(marked()), "a page says by itself what its marks mean"


def test_a_picture_by_itself_has_colors_for_light_and_dark_and_needs_nothing() -> None:
    picture = svg(marked(), standalone=True)
    assert "currentColor" not in picture
    assert "@media (prefers-color-scheme:dark)" in rules(picture)
    assert not re.search(r"url\(|@import|<script|href|var\(", picture)
    root = ET.fromstring(picture)
    page = next(root.iter(f"{SVG}rect"))
    assert page.get("class") == "page"
    assert (page.get("width"), page.get("height")) == (root.get("width"), root.get("height"))
    assert "currentColor" in svg(marked())


def luminance(color: str) -> float:
    """The relative luminance of a color (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
    return sum(weight * it for weight, it in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *(("ink", ground) for ground in ("page", "card", "leaf", "new-card")),
        *(("soft", ground) for ground in ("page", "card", "leaf", "new-card")),
        *(("bad", ground) for ground in ("page", "bad-card")),
    ],
)
def test_texts_can_be_read_in_light_and_in_dark(text: str, ground: str) -> None:
    for one, other in zip(COLORS[text], COLORS[ground], strict=True):
        low, high = sorted((luminance(one), luminance(other)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def test_names_stay_text_in_every_part_of_a_picture_by_itself() -> None:
    hostile = Graph(
        (
            node(HOSTILE, 0, HOSTILE, kind="base"),
            node(HOSTILE, 1, HOSTILE, steps=(HOSTILE, HOSTILE)),
            node(HOSTILE, 0, HOSTILE, kind="missing"),
        ),
        (Edge(0, 1, HOSTILE, together=True, back=False), Edge(2, 1, HOSTILE, together=False, back=False)),
    )
    root = ET.fromstring(svg(hostile, standalone=True).encode())
    known = ("svg", "title", "desc", "g", "path", "rect", "text", "style", "circle")
    assert {element.tag for element in root.iter()} <= {SVG + name for name in known}
    assert not any(name.startswith("on") or "href" in name for it in root.iter() for name in it.attrib)


def test_many_small_chains_are_put_beside_each_other() -> None:
    nodes = [
        it
        for number in range(30)
        for it in (node(f"{number}.iso", 0, "ISO", kind="base"), node(f"qemu.image-{number}", 1))
    ]
    edges = [Edge(2 * number, 2 * number + 1, "", together=False, back=False) for number in range(30)]
    root = ET.fromstring(svg(Graph(tuple(nodes), tuple(edges)), standalone=True))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    assert 0.5 < width / height < 2.5
    assert width * height < 1.5e6


def test_a_fan_leads_to_the_right_and_a_chain_downwards() -> None:
    sizes, labels = [(150.0, 65.0)] * 10, [80.0] * 9
    chain_of = layout(drawn(*((f"a{it}", f"a{it + 1}") for it in range(9))), sizes, labels)
    fan = layout(drawn(*(("a", f"b{it}") for it in range(9))), sizes, labels)
    assert chain_of.down and not fan.down
    assert fan.height > fan.width


def test_what_no_build_makes_stands_right_before_what_starts_from_it() -> None:
    shown = Graph(
        (node("qemu.a", 0), node("qemu.b", 1), node("qemu.c", 2), node("x.iso", 0, "ISO", kind="base")),
        (
            Edge(0, 1, "a", together=False, back=False),
            Edge(1, 2, "b", together=False, back=False),
            Edge(3, 2, "", together=False, back=False),
        ),
    )
    spread = layout(shown, [(100.0, 48.0)] * 4, [0.0] * 3, down=False)
    assert spread.boxes[3].x == spread.boxes[1].x > spread.boxes[0].x


@pytest.mark.parametrize(
    ("text", "room", "separator", "shown"),
    [
        ("images/base", 20, "/", "images/base"),
        ("a/very/long/path/to/base.ovf", 16, "/", "…/to/base.ovf"),
        ("a-name-that-has-no-parts", 11, "/", "a-nam…parts"),
        ("company-wide.virtualbox-iso.base", 24, ".", "…virtualbox-iso.base"),
    ],
)
def test_long_names_keep_what_tells_them_apart(text: str, room: int, separator: str, shown: str) -> None:
    assert middle(text, room, separator) == shown


def test_no_image_is_a_picture_too() -> None:
    assert svg(Graph((), ())) == ""
    assert ET.fromstring(svg(Graph((), ()), standalone=True)).tag.endswith("svg")
