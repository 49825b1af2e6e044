"""A `build` block → a Build whose sources are not yet resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from packlint.blocks import ROOT, refused
from packlint.lower.component import by_name, component_arguments
from packlint.model import Arguments, Build, PostProcessor, Provisioner, SourceUse, Step, referred
from packlint.syntax import Block

BUILD = ROOT.blocks["build"]
CHAIN = BUILD.blocks["post-processors"]

META = {kind: frozenset(BUILD.blocks[kind].arguments) for kind in ("provisioner", "post-processor")}
"""What Packer itself reads of a step."""

S = TypeVar("S", bound=Step)

STEPS = frozenset({"provisioner", "post-processor", "post-processors"})

NOTHING = Arguments({})


def lower_build(block: Block) -> Build:
    """One build; `uses` has only those of nested `source` blocks until `sources` is evaluated.

    What Packer refuses in it may be meant as a source or as a step.
    """
    attributes = by_name(block.body.attributes)
    inner = block.body.blocks
    dynamic = {b.labels[0].value for b in inner if b.type == "dynamic" and b.labels}
    lost = not block.complete or any(refused(block.body, BUILD))
    lost_steps = any(any(refused(b.body, CHAIN)) for b in inner if b.type == "post-processors")
    return Build(
        name=attributes.get("name"),
        sources=attributes.get("sources"),
        uses=tuple(_use(b) for b in inner if b.type == "source" and len(b.labels) == 1),
        open="source" in dynamic or lost,
        provisioners=tuple(_steps(inner, "provisioner", "provisioner", Provisioner)),
        error_cleanup=tuple(_steps(inner, "error-cleanup-provisioner", "provisioner", Provisioner)),
        chains=tuple(_chains(inner)),
        open_steps=bool(dynamic & STEPS) or lost or lost_steps,
        range=block.range,
        header_range=block.header_range,
    )


def _use(block: Block) -> SourceUse:
    reference = block.labels[0].value
    own = component_arguments("builder", referred(reference)[0], block.body)
    return SourceUse(
        reference=reference,
        type="",
        name="",
        local_name="",
        source=None,
        arguments=NOTHING,
        own=own,
        range=block.labels[0].range,
    )


def _chains(blocks: tuple[Block, ...]) -> Iterator[tuple[PostProcessor, ...]]:
    for block in blocks:
        if block.type == "post-processor":
            yield tuple(_steps((block,), "post-processor", "post-processor", PostProcessor))
        elif block.type == "post-processors":
            yield tuple(_steps(block.body.blocks, "post-processor", "post-processor", PostProcessor))


def _steps(blocks: tuple[Block, ...], type_: str, kind: str, make: type[S]) -> Iterator[S]:
    for block in blocks:
        if block.type != type_ or len(block.labels) != 1:
            continue
        yield make(
            type=block.labels[0].value,
            arguments=component_arguments(kind, block.labels[0].value, block.body, META[kind]),
            meta=Arguments(by_name(a for a in block.body.attributes if a.name in META[kind])),
            range=block.range,
            header_range=block.header_range,
            type_range=block.labels[0].range,
        )
