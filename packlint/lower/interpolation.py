"""A legacy template's strings → the expressions that HCL would have for them: `{{user …}}` becomes `var.…`.

What a plugin renders later, such as `{{ .Name }}` or `{{timestamp}}`, is left as the text that it also is in
HCL. In `variables` Packer renders everything at once; what only it can tell there is an `Action`.
(reference: hashicorp/packer-plugin-sdk, template/interpolate)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packlint.document import Range
from packlint.gotemplate import lexer
from packlint.gotemplate.sdk import RENDERING
from packlint.lower.written import Written, of_key
from packlint.record import replace
from packlint.syntax import (
    Action,
    Attribute,
    Body,
    Call,
    Expression,
    File,
    Object,
    ObjectItem,
    Step,
    Template,
    TemplateWrap,
    Text,
    Traversal,
    Tuple,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

LITERAL = {
    "builders": frozenset({"type", "name"}),
    "provisioners": frozenset({"type", "only", "except", "pause_before", "timeout"}),
    "error-cleanup-provisioner": frozenset({"type", "only", "except", "pause_before", "timeout"}),
    "post-processors": frozenset({"type", "name", "only", "except", "keep_input_artifact"}),
}
"""The parts of a legacy template whose strings are rendered, and the keys of their objects that are not."""

REFERENCES = {
    "template_dir": ("path", "root"),
    "pwd": ("path", "cwd"),
    "packer_version": ("packer", "version"),
}
"""Functions without arguments, and what HCL has in their place."""

RESOLVED = frozenset({"user", "env", *REFERENCES})
"""Functions that Packer's core resolves; a plugin knows nothing of them in HCL."""

LATER = re.compile(r"\{\{\s?\..*?\}\}")
"""What is left for later in a variable (packer/core.go, `renderVarsRecursively`)."""

KINDS = {
    "builders": "builder",
    "provisioners": "provisioner",
    "error-cleanup-provisioner": "provisioner",
    "post-processors": "post-processor",
}
"""The parts of a legacy template that hold components, and of which kind."""

Where: TypeAlias = 'Literal["variables", "component", "plugin"]'
"""Where a string stands: Packer renders the first wholly; of the last it is not known what renders it."""


def interpolated(file: File) -> File:
    """The file with its strings interpolated."""
    items = tuple(
        replace(item, expression=_part(item.name.lower(), item.expression))
        if isinstance(item, Attribute)
        else item
        for item in file.body.items
    )
    return replace(file, body=Body(items, file.body.range))


def _part(name: str, expression: Expression) -> Expression:
    if name == "variables":
        return _rendered(expression, "variables")
    return _components(expression, name) if name in LITERAL else expression


def _components(expression: Expression, part: str) -> Expression:
    """A component, or an array of them at whatever depth; a string is the type of a post-processor."""
    if isinstance(expression, Tuple):
        return replace(expression, items=tuple(_components(item, part) for item in expression.items))
    if not isinstance(expression, Object):
        return expression
    types = [item.value for item in expression.items if item.name == "type"]
    type_ = types[0].literal if types and isinstance(types[0], Template) else None
    where: Where = "component" if type_ in RENDERING[KINDS[part]] else "plugin"
    return replace(
        expression, items=tuple(_argument(item, LITERAL[part], where) for item in expression.items)
    )


def _argument(item: ObjectItem, literal: frozenset[str], where: Where) -> ObjectItem:
    name = item.key.value.lower() if isinstance(item.key, Text) else ""
    if name in literal:
        return item
    if name == "override" and isinstance(item.value, Object):  # its keys are names of builders
        inner = (replace(entry, value=_rendered(entry.value, where)) for entry in item.value.items)
        return replace(item, value=replace(item.value, items=tuple(inner)))
    value = _rendered(item.value, where)
    return item if value is item.value else ObjectItem(item.key, value)


def _rendered(expression: Expression, where: Where) -> Expression:
    """A value with all strings in it."""
    if isinstance(expression, Tuple):
        return Tuple(expression.range, tuple([_rendered(item, where) for item in expression.items]))
    if isinstance(expression, Object):
        return Object(expression.range, tuple([_item(item, where) for item in expression.items]))
    return _template(expression, where) if isinstance(expression, Template) else expression


def _item(item: ObjectItem, where: Where) -> ObjectItem:
    key = item.key
    if where != "variables" and isinstance(key, Text) and "{{" in key.value:
        inner = replace(key, range=of_key(key.range))
        rendered = _template(Template(key.range, (inner,)), where)
        key = key if isinstance(rendered, Template) and rendered.literal == key.value else rendered
    return ObjectItem(key, _rendered(item.value, where))


def _template(template: Template, where: Where) -> Expression:
    if len(template.parts) != 1 or "{{" not in (text := template.literal or ""):
        return template
    source = Written(text, template.parts[0].range)
    found = lexer.actions(text)
    if found is None or any(map(_joins, found)):
        return _beyond(template, source, found, where)
    parts = tuple(_parts(source, found, where))
    if len(parts) == 1 and not isinstance(parts[0], Text | Action):
        return TemplateWrap(template.range, parts[0])
    return Template(template.range, parts)


def _joins(action: lexer.Action) -> bool:
    """Whether an action has to do with others: it decides about text, or has a variable of its own."""
    return action.shape[:1] != () and (
        action.shape[0] in lexer.CONTROL or any(word.value[0] == "$" for word in action.words if word.value)
    )


def _beyond(
    template: Template, source: Written, found: Sequence[lexer.Action] | None, where: Where
) -> Template:
    """A template that cannot be taken apart: it is not known as soon as Packer's core has a part in it."""
    words = {word.value for action in found or () for word in action.words if word.kind == "name"}
    if found is None:
        words = set(re.findall(r"\w+", source.text))
    if where != "variables" and not words & RESOLVED:
        return template
    references = tuple(r for action in found or () for r in _references(source, action))
    text = source.text if found is not None else None
    return replace(template, parts=(_action(source.place, references, text, where),))


def _action(place: Range, references: tuple[Traversal, ...], text: str | None, where: Where) -> Action:
    whole = where == "variables"
    if text is None or where == "plugin":
        return Action(place, references, None, whole)
    return Action(place, references, LATER.sub("{{.}}", text) if whole else text, whole)


def _parts(source: Written, found: Sequence[lexer.Action], where: Where) -> Iterator[Expression]:
    """Text and expressions in their order; what stays as it is joins the text around it."""
    text, start, at, trimmed = "", 0, 0, False
    for action in found:
        between = source.text[at : action.start]
        text += between.lstrip(lexer.SPACE) if trimmed else between
        node = _node(source, action, where)
        trimmed = node is not None and action.trims_after
        at = action.end
        if node is None:
            text += source.text[action.start : action.end]
            continue
        if action.trims_before:
            text = text.rstrip(lexer.SPACE)
        if isinstance(node, Text):
            text += node.value
            continue
        if text:
            yield Text(source.range(start, action.start), text)
        yield node
        text, start = "", at
    rest = source.text[at:]
    text += rest.lstrip(lexer.SPACE) if trimmed else rest
    if text:
        yield Text(source.range(start, len(source.text)), text)


def _node(source: Written, action: lexer.Action, where: Where) -> Expression | None:
    """What stands for an action; None where it stays as it is, a Text where it is a part of the text."""
    whole = where == "variables"
    place = source.range(action.start, action.end)
    words = action.words
    match action.shape:
        case ("user", '""'):
            return _reference(source, place, "var", words[0], words[1])
        case (name,) if name in REFERENCES:
            root, step = REFERENCES[name]
            return _reference(source, place, root, words[0], words[0]._replace(value=step))
        case ("env", '""') if whole:
            argument = source.range(words[1].start, words[1].end)
            name_range = source.range(words[0].start, words[0].end)
            variable = Template(argument, (Text(argument, words[1].value),))
            return Call(place, "env", name_range, (variable,), expands=False)
        case ('""',) if whole:
            return Text(place, words[0].value)
        case () if whole:
            return Text(place, "")
    later = whole and LATER.fullmatch(source.text[action.start : action.end])
    if later or not (whole or RESOLVED & {word.value for word in words if word.kind == "name"}):
        return None
    text = source.text[action.start : action.end]
    return _action(place, tuple(_references(source, action)), text, where)


def _references(source: Written, action: lexer.Action) -> Iterator[Traversal]:
    """The variables that an action names, whatever else it does."""
    for word, following in zip(action.words, action.words[1:], strict=False):
        if word.kind == "name" and word.value == "user" and following.kind == "text":
            yield _reference(source, source.range(word.start, following.end), "var", word, following)


def _reference(source: Written, place: Range, root: str, function: lexer.Word, step: lexer.Word) -> Traversal:
    step_range = source.range(step.start, step.end)
    return Traversal(
        place,
        root,
        source.range(function.start, function.end),
        (Step(step_range, step.value, attribute=True),),
    )
