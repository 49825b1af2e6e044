"""A variable and the syntax of its template → the edits that make it sensitive, or take its default away."""

from __future__ import annotations

from functools import lru_cache

from packlint.diagnostic import Edit
from packlint.document import Range
from packlint.edits import added, removed
from packlint.model import Argument, Configuration, Variable
from packlint.syntax import Attribute, Block, Tuple
from packlint.value import NULL

_NAME = "sensitive"


def made_sensitive(variable: Variable, configuration: Configuration) -> tuple[Edit, ...]:
    """The edits after which Packer takes a variable for sensitive; none where there is no short way."""
    block = _block(variable, configuration)
    if block is not None:
        return _in_block(block)
    for file in configuration.syntax:
        if file.legacy and file.document == variable.range.document:
            listed = file.body.attribute("sensitive-variables")
            if listed is None:
                names = f'["{variable.name}"]'
                after = file.body.attribute("variables")
                return _one(added(_argument(after), "sensitive-variables", names)) if after else ()
            if isinstance(listed.expression, Tuple) and listed.expression.items:
                last = listed.expression.items[-1].range
                return (Edit(Range(last.document, last.end, last.end), f', "{variable.name}"'),)
            return (Edit(listed.expression.range, f'["{variable.name}"]'),)
    return ()


def declares(variable: Variable, name: str, configuration: Configuration) -> bool:
    """Whether the block of a variable has an argument of a name."""
    block = _block(variable, configuration)
    return block is not None and block.body.attribute(name) is not None


def without_default(variable: Variable, configuration: Configuration) -> Edit | None:
    """The edit after which a variable has to be given a value; None where there is none."""
    if variable.default is None:
        return None
    if _block(variable, configuration) is not None:
        return removed(variable.default)
    legacy = any(file.legacy and file.document == variable.range.document for file in configuration.syntax)
    return Edit(variable.default.expression.range, "null") if legacy else None


def _block(variable: Variable, configuration: Configuration) -> Block | None:
    block = _blocks(configuration).get(variable.range.order)
    return block if block is not None and block.complete else None


@lru_cache(maxsize=8)
def _blocks(configuration: Configuration) -> dict[tuple[str, int, int], Block]:
    """The blocks of variables by their places."""
    blocks = (block for file in configuration.syntax if not file.legacy for block in file.body.blocks)
    return {block.range.order: block for block in blocks if block.type == "variable"}


def _one(edit: Edit | None) -> tuple[Edit, ...]:
    return () if edit is None else (edit,)


def _in_block(block: Block) -> tuple[Edit, ...]:
    attributes = block.body.attributes
    document = block.range.document
    if document.path.endswith(".json"):
        return _one(added(_argument(attributes[-1]), _NAME, "true")) if attributes else ()
    if "\n" not in block.range.text:
        return _one(_unfolded(block))
    after = next((it for it in attributes if "\n" not in it.range.text), None)
    edit = added(_argument(after), _NAME, "true") if after is not None else None
    if after is None or edit is None:
        return ()
    room = max(len(_NAME), *(len(it.name) for it in _lines_around(after, attributes)))
    indent = edit.replacement.partition(_NAME)[0]
    padded = tuple(it for other in _lines_around(after, attributes) if (it := _padded(other, room)))
    return (*padded, Edit(edit.range, f"{indent}{_NAME.ljust(room)} = true"))


def _unfolded(block: Block) -> Edit | None:
    """A block of one line on several, which one with two arguments needs."""
    document, text = block.range.document, block.range.text
    opening = text.find("{", block.header_range.end - block.range.start)
    if len(block.body.items) != len(block.body.attributes) or opening < 0 or "/*" in text:
        return None
    lines = [f"  {it.name.ljust(len(_NAME))} = {it.expression.range.text}" for it in block.body.attributes]
    written = "\n".join(["{", *lines, f"  {_NAME} = true", "}"])
    return Edit(Range(document, block.range.start + opening, block.range.end), written)


def _lines_around(after: Attribute, attributes: tuple[Attribute, ...]) -> list[Attribute]:
    """An attribute with those on the lines right before and after it: their values stand in one column."""
    at = attributes.index(after)
    first = last = at
    while first and _adjoin(attributes[first - 1], attributes[first]):
        first -= 1
    while last + 1 < len(attributes) and _adjoin(attributes[last], attributes[last + 1]):
        last += 1
    return [it for it in attributes[first : last + 1] if "\n" not in it.range.text]


def _adjoin(one: Attribute, other: Attribute) -> bool:
    alone = "\n" not in one.range.text and "\n" not in other.range.text
    return alone and other.range.first.line == one.range.first.line + 1


def _padded(attribute: Attribute, room: int) -> Edit | None:
    """The name with so many blanks that those of that length fit; None where it has them."""
    text, start = attribute.range.document.text, attribute.name_range.end
    end = text.index("=", start)
    blanks = " " * (room + 1 - len(attribute.name_range.text))
    return None if text[start:end] == blanks else Edit(Range(attribute.range.document, start, end), blanks)


def _argument(attribute: Attribute) -> Argument:
    return Argument(attribute.name, attribute.expression, NULL, attribute.range, attribute.name_range)
