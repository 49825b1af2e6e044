"""A file → whether its blocks are just as Packer's grammar has them: of most files no more is to be said."""

from __future__ import annotations

from packlint.blocks import ArgumentType, BlockType, Context, grammar
from packlint.syntax import (
    Attribute,
    Block,
    Body,
    Call,
    Expression,
    File,
    Label,
    Literal,
    Object,
    ObjectItem,
    Parentheses,
    Template,
    Text,
    Tuple,
    walk,
)

_WRITTEN = frozenset({Literal, Object, ObjectItem, Template, Text, Tuple})
"""What values are made of that need no computing."""

_TAKES: dict[type, tuple[str, ...]] = {
    Template: ("any", "string"),
    Object: ("any", "map(string)", "object"),
    Tuple: ("any",),
    Parentheses: (),
}
"""What arguments take that is written so, for certain; what is computed they all may."""


def is_ordinary(file: File) -> bool:
    """Whether all that Packer itself reads of a file is known, complete and of the type that is asked for.

    A file that is not need not be wrong.
    """
    if file.legacy:
        return True
    return file.complete and "dynamic" not in file.document.text and _is_ordinary(file.body, grammar(file))


def _is_ordinary(body: Body, type_: BlockType) -> bool:
    if type_.lenient or type_.ignored:
        return False
    given = set()
    for item in body.items:
        if isinstance(item, Attribute):
            given.add(item.name)
            of = type_.declares or type_.arguments.get(item.name)
            if not (_takes(of, item.expression) if of is not None else type_.component):
                return False
        elif item.type in type_.blocks:
            inner = type_.blocks[item.type]
            if inner.most or not (_has_its_labels(item, inner) and _is_ordinary(item.body, inner)):
                return False
        elif not type_.component:
            return False
    return all(name in given for name, of in type_.arguments.items() if of.required)


def _has_its_labels(block: Block, type_: BlockType) -> bool:
    labels = block.labels
    if len(labels) != len(type_.labels):
        return False
    return not type_.identifiers or all(map(_is_identifier, labels))


def _is_identifier(label: Label) -> bool:
    return not label.value.startswith("-") and label.value.replace("-", "_").isidentifier()


def _takes(of: ArgumentType, expression: Expression) -> bool:
    if of.context in (Context.LITERAL, Context.ENV) and not _is_literal(expression, of):
        return False
    if of.keys:
        return isinstance(expression, Object) and {item.name for item in expression.items} == {*of.keys}
    if isinstance(expression, Literal):
        return of.kind in ("any", "bool" if isinstance(expression.value, bool) else "number")
    if of.kind == "list(string)" and isinstance(expression, Tuple):
        return not any(isinstance(item, Tuple | Object) for item in expression.items)
    return type(expression) not in _TAKES or of.kind in _TAKES[type(expression)]


def _is_literal(expression: Expression, of: ArgumentType) -> bool:
    free = "env" if of.context is Context.ENV else None
    return all(type(it) in _WRITTEN or (isinstance(it, Call) and it.name == free) for it in walk(expression))
