"""The images of a run and their graph → JSON for programs; `schemas/graph.schema.json` says what is what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from packlint.chain.cycles import cycles
from packlint.chain.graph import Graph
from packlint.chain.images import ArtifactGraph, Derivation, Image
from packlint.document import Range

SCHEMA_VERSION = 1

JsonObject = dict[str, Any]


def to_json(graph: ArtifactGraph, shown: Graph, rebuild: Mapping[Image, str] | None = None) -> str:
    """The images, their bases, and what is made from what, as indented JSON that ends in a line break.

    `shown` is the whole graph of the same images. `rebuild` has those that have to be built again with the
    reason, in their order, None where nobody has asked for that.
    """
    numbers = {image: number for number, image in enumerate(graph.images)}
    leaves = range(len(numbers), len(shown.nodes))
    used: dict[int, list[int]] = {number: [] for number in leaves}
    for edge in shown.edges:
        if edge.producer in used:
            used[edge.producer].append(edge.consumer)
    back = {(edge.producer, edge.consumer) for edge in shown.edges if edge.back}
    told: JsonObject = {
        "schema_version": SCHEMA_VERSION,
        "images": [_image(image, number, shown) for image, number in numbers.items()],
        "edges": [_edge(it, numbers, back) for it in graph.derivations],
        "bases": [
            {"name": node.address, "kind": node.place, "images": used[number]}
            for number in leaves
            if (node := shown.nodes[number]).kind == "base"
        ],
        "missing": [
            {"name": node.address, "images": used[number], "range": _place(node.declared)}
            for number in leaves
            if (node := shown.nodes[number]).kind == "missing"
        ],
        "cycles": [list(cycle) for cycle in cycles(shown)],
    }
    if rebuild is not None:
        told["rebuild"] = [{"image": numbers[image], "reason": reason} for image, reason in rebuild.items()]
    return json.dumps(told, indent=1) + "\n"


def _image(image: Image, number: int, shown: Graph) -> JsonObject:
    return {
        "id": number,
        "name": image.name,
        "template": image.configuration.template.path,
        "type": image.use.type,
        "address": image.label,
        "steps": list(shown.nodes[number].steps),
        "range": _place(shown.nodes[number].declared),
    }


def _edge(it: Derivation, numbers: Mapping[Image, int], back: set[tuple[int, int]]) -> JsonObject:
    ends = numbers[it.producer], numbers[it.consumer]
    told: JsonObject = {"producer": ends[0], "consumer": ends[1]}
    if it.artifact:
        told["artifact"] = it.artifact
    if it.link is None:
        told["declared"] = True
    else:
        argument = it.link.argument
        told["evidence"] = {"argument": argument.name, **_place(argument.expression.range)}
        told |= {"together": True} if it.link.together else {}
    if ends in back:
        told["closes_cycle"] = True
    return told


def _place(place: Range) -> JsonObject:
    line, column = place.first
    return {"path": place.document.path, "line": line, "column": column}
