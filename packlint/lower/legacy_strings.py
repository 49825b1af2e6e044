"""The strings of a legacy template → what is wrong with the Go templates in them."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.diagnostic import Severity
from packlint.document import Range
from packlint.gotemplate import lexer
from packlint.gotemplate.sdk import RENDERING
from packlint.lower.decode import Decoder, entries, field
from packlint.lower.interpolation import KINDS, LATER, LITERAL
from packlint.lower.legacy_root import Root
from packlint.lower.written import Written, of_key
from packlint.syntax import Expression, Object, ObjectItem, Template, Text, Tuple, walk

AS_TEXT = "where two braces are meant as text, write ``{{`{{`}}``"


def check_strings(root: Root, decoder: Decoder) -> None:
    """Tells the strings that are no templates of Go where Packer is sure to render them."""
    _check_defaults(root.value("variables"), decoder)
    for section, kind in KINDS.items():
        types = RENDERING[kind]
        for item in _components(root.value(section)):
            type_ = field(item.items, "type")
            if type_ is None or not isinstance(type_.value, Template) or type_.value.literal not in types:
                continue
            for name, entry in entries(item):
                if name.lower() not in LITERAL[section]:
                    for found, text in _faults(entry.value):
                        message, hint = _told(found, text)
                        decoder.refuse(_place(found, text), message, hint)


def _check_defaults(variables: Expression | None, decoder: Decoder) -> None:
    """A default is not rendered where `-var` or a variable file has another value."""
    for _, item in entries(variables) if isinstance(variables, Object) else ():
        if not isinstance(item.value, Template):
            continue
        for found, text in _faults(item.value):
            # What has a field in it is left for the plugins.
            if lexer.fault(LATER.sub("", text.text)) is not None:
                message, hint = _told(found, text)
                message += ", so that Packer cannot render the default"
                decoder.refuse(_place(found, text), message, hint, severity=Severity.WARNING)


def _components(value: Expression | None) -> Iterator[Object]:
    """The objects of an array, or of the arrays in it, or the only one."""
    if isinstance(value, Tuple):
        for item in value.items:
            yield from _components(item)
    elif isinstance(value, Object):
        yield value


def _faults(value: Expression) -> Iterator[tuple[lexer.Fault, Written]]:
    """What is wrong in each string of a value, also in keys."""
    for node in walk(value):
        if isinstance(node, ObjectItem) and isinstance(node.key, Text):
            text, place = node.key.value, of_key(node.key.range)
        elif isinstance(node, Template) and node.parts:
            text, place = node.literal or "", node.parts[0].range
        else:
            continue
        found = lexer.fault(text) if "{{" in text else None
        if found is not None:
            yield found, Written(text, place)


def _place(found: lexer.Fault, text: Written) -> Range:
    return text.range(found.start, min(found.at + 1, len(text.text)))


def _told(found: lexer.Fault, text: Written) -> tuple[str, str]:
    """What is wrong, and what to do."""
    from packlint.gotemplate.tree import lexical

    at = text.text[found.at : found.at + 1]
    message = lexical(text.text, found)
    if at in ("", "}") and not text.text.startswith("}}", found.at):
        return message, f"close it; {AS_TEXT}"
    if at in ('"', "`", "'"):
        return message, "close it with the quote that opens it"
    return message, AS_TEXT
