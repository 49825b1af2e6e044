"""A `build` block → a Build whose sources are not yet resolved, nor its `dynamic` blocks expanded."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.blocks import ROOT, refused
from packlint.document import Range
from packlint.lower.component import by_name, component_arguments, content_of, dynamic_of, literal
from packlint.model import Arguments, Build, Dynamic, PostProcessor, Provisioner, SourceUse, Step, referred
from packlint.named import NamedTuple
from packlint.syntax import Block, Body, Tuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    S = TypeVar("S", bound=Step)

BUILD = ROOT.blocks["build"]
CHAIN = BUILD.blocks["post-processors"]

META = {kind: frozenset(BUILD.blocks[kind].arguments) for kind in ("provisioner", "post-processor")}
"""What Packer itself reads of a step."""


NOTHING = Arguments({})


class _Part(NamedTuple):
    """A block within a build, or what a `dynamic` block makes; `label` is empty where it is not literal.

    `body` is None where the block has none, or has not the one label that it needs.
    """

    type: str
    label: str
    label_range: Range
    body: Body | None
    block: Block
    dynamics: tuple[Dynamic, ...]


def lower_build(block: Block) -> Build:
    """One build; `uses` has only those of nested `source` blocks until `sources` is evaluated.

    What Packer refuses in it may be meant as a source or as a step.
    """
    attributes = by_name(block.body.attributes)
    parts = tuple(_parts(block.body))
    lost = not block.complete or any(refused(block.body, BUILD))
    lost_steps = any(p.body and any(refused(p.body, CHAIN)) for p in parts if p.type == "post-processors")
    return Build(
        name=attributes.get("name"),
        sources=attributes.get("sources"),
        uses=tuple(_uses(parts)),
        open=lost,
        provisioners=tuple(_steps(parts, "provisioner", "provisioner", Provisioner)),
        error_cleanup=tuple(_steps(parts, "error-cleanup-provisioner", "provisioner", Provisioner)),
        chains=tuple(_chains(parts)),
        open_steps=lost or lost_steps,
        range=block.range,
        header_range=block.header_range,
        dynamics=tuple(part.dynamics[-1] for part in parts if part.dynamics),
    )


def _parts(body: Body, around: tuple[Dynamic, ...] = ()) -> Iterator[_Part]:
    for block in body.blocks:
        if block.type == "dynamic":
            if block.labels:
                yield _made(block, around)
            continue
        labelled = len(block.labels) == (0 if block.type == "post-processors" else 1)
        label, place = ("", block.type_range)
        if block.labels:
            label, place = block.labels[0].value, block.labels[0].range
        yield _Part(block.type, label, place, block.body if labelled else None, block, around)


def _made(block: Block, around: tuple[Dynamic, ...]) -> _Part:
    """What a `dynamic` block makes; its label, where it is literal, tells of which component it is."""
    dynamic = dynamic_of(block)
    label, place = "", block.labels[0].range
    written = dynamic.labels.expression if dynamic.labels else None
    if isinstance(written, Tuple) and len(written.items) == 1:
        label, place = literal(written.items[0]) or "", written.items[0].range
    return _Part(dynamic.type, label, place, content_of(block), block, (*around, dynamic))


def _uses(parts: tuple[_Part, ...]) -> Iterator[SourceUse]:
    for part in parts:
        if part.type == "source" and part.body is not None:
            yield SourceUse(
                reference=part.label,
                type="",
                name="",
                local_name="",
                source=None,
                arguments=NOTHING,
                own=component_arguments("builder", referred(part.label)[0], part.body),
                range=part.label_range,
                dynamic=part.dynamics[-1] if part.dynamics else None,
            )


def _chains(parts: tuple[_Part, ...]) -> Iterator[tuple[PostProcessor, ...]]:
    for part in parts:
        if part.type == "post-processor":
            yield tuple(_steps((part,), "post-processor", "post-processor", PostProcessor))
        elif part.type == "post-processors" and part.body is not None:
            inner = tuple(_parts(part.body, part.dynamics))
            yield tuple(_steps(inner, "post-processor", "post-processor", PostProcessor))


def _steps(parts: tuple[_Part, ...], type_: str, kind: str, make: type[S]) -> Iterator[S]:
    for part in parts:
        if part.type == type_ and part.body is not None:
            read = META[kind]
            yield make(
                type=part.label,
                arguments=component_arguments(kind, part.label, part.body, read),
                meta=Arguments(by_name(a for a in part.body.attributes if a.name in read)),
                range=part.block.range,
                header_range=part.block.header_range,
                type_range=part.label_range,
                dynamics=part.dynamics,
            )
