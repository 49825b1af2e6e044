"""Native HCL syntax → a configuration: blocks under Packer's names, arguments without values yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packlint.blocks import ROOT, Place, places, refused
from packlint.document import Range
from packlint.lower.build import lower_build
from packlint.lower.component import by_name, component_arguments, literal, may_be_blocks, unevaluated
from packlint.model import (
    Arguments,
    Configuration,
    DataSource,
    Local,
    RequiredPlugin,
    Source,
    Template,
    Validation,
    Variable,
)
from packlint.syntax import Attribute, Block, Expression, File, Literal, Object
from packlint.value import Unknown


def lower_files(
    template: Template, files: Sequence[File], value_files: Sequence[File], complete: bool
) -> Configuration:
    """One configuration of all the files; `value_files` are the variable files that belong to it.

    The grammar is that of hcl2template/parser.go: blocks that Packer would refuse are left out.
    """
    blocks = [block for file in files for block in file.body.blocks]
    packer = [block for block in blocks if block.type == "packer"]
    return Configuration(
        template=template,
        syntax=(*files, *value_files),
        required_version=tuple(
            unevaluated(attribute)
            for block in packer
            for attribute in block.body.attributes
            if attribute.name == "required_version"
        ),
        required_plugins=tuple(_plugins(packer)),
        variables=tuple(_variables(blocks)),
        locals=tuple(_locals(blocks)),
        data_sources=tuple(
            DataSource(*_component(block, "data-source"))
            for block in blocks
            if block.type == "data" and len(block.labels) == 2
        ),
        sources=tuple(
            Source(*_component(block, "builder"))
            for block in blocks
            if block.type == "source" and len(block.labels) == 2
        ),
        builds=tuple(lower_build(block) for block in blocks if block.type == "build"),
        complete=complete and all(file.complete and not _hides(file) for file in (*files, *value_files)),
    )


def _hides(file: File) -> bool:
    """Whether something may be declared under a wrong name, with wrong labels, or at a wrong place."""
    return any(
        _may_declare(item, place) for place in places(file) for item in refused(place.body, place.type)
    )


def _may_declare(item: Attribute | Block, place: Place) -> bool:
    known = ROOT.blocks.get(item.name if isinstance(item, Attribute) else item.type)
    if place.block is not None:
        return isinstance(item, Block) and known is not None
    if isinstance(item, Attribute):
        return known is not None or may_be_blocks(item.expression)
    return known is None or place.type is not ROOT or bool(known.labels and not known.ignored)


def _component(block: Block, kind: str) -> tuple[str, str, Arguments, Range, Range]:
    type_, name = block.labels[0].value, block.labels[1].value
    return type_, name, component_arguments(kind, type_, block.body), block.range, block.header_range


def _plugins(packer: Iterable[Block]) -> Iterable[RequiredPlugin]:
    for block in packer:
        for inner in block.body.blocks:
            if inner.type != "required_plugins":
                continue
            for attribute in inner.body.attributes:
                given: dict[str, str | None] = {}
                if isinstance(attribute.expression, Object):
                    for item in attribute.expression.items:
                        if item.name is not None:
                            given[item.name] = literal(item.value)
                yield RequiredPlugin(
                    attribute.name, given.get("source"), given.get("version"), unevaluated(attribute)
                )


def _variables(blocks: Iterable[Block]) -> Iterable[Variable]:
    for block in blocks:
        if block.type == "variable" and len(block.labels) == 1:
            default = block.body.attribute("default")
            yield Variable(
                name=block.labels[0].value,
                name_range=block.labels[0].range,
                range=block.range,
                constraint=_expression(block, "type"),
                default=unevaluated(default) if default else None,
                sensitive=_true(block, "sensitive"),
                value=Unknown("not evaluated"),
                validations=tuple(_validations(block)),
            )
        elif block.type == "variables":
            for argument in by_name(block.body.attributes).values():
                yield Variable(
                    name=argument.name,
                    name_range=argument.name_range,
                    range=argument.range,
                    constraint=None,
                    default=argument,
                    sensitive=False,
                    value=Unknown("not evaluated"),
                )


def _validations(block: Block) -> Iterable[Validation]:
    for inner in block.body.blocks:
        if inner.type == "validation" and not inner.labels:
            given = by_name(inner.body.attributes)
            yield Validation(
                given.get("condition"), given.get("error_message"), inner.range, inner.header_range
            )


def _locals(blocks: Iterable[Block]) -> Iterable[Local]:
    for block in blocks:
        if block.type == "local" and len(block.labels) == 1:
            yield Local(
                name=block.labels[0].value,
                name_range=block.labels[0].range,
                range=block.range,
                expression=_expression(block, "expression"),
                sensitive=_true(block, "sensitive"),
                value=Unknown("not evaluated"),
            )
        elif block.type == "locals":
            for argument in by_name(block.body.attributes).values():
                yield Local(
                    name=argument.name,
                    name_range=argument.name_range,
                    range=argument.range,
                    expression=argument.expression,
                    sensitive=False,
                    value=Unknown("not evaluated"),
                )


def _expression(block: Block, name: str) -> Expression | None:
    attribute = block.body.attribute(name)
    return attribute.expression if attribute else None


def _true(block: Block, name: str) -> bool:
    """Whether a literal-only attribute says `true`, or `"true"`, which HCL converts."""
    expression = _expression(block, name)
    if expression is not None and literal(expression) is not None:
        return literal(expression) in ("true", "1")
    return isinstance(expression, Literal) and expression.value is True
