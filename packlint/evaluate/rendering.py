"""The value of a component's argument → what the component makes of it, which renders every string in it.

(hashicorp/packer-plugin-sdk, template/config/decode.go and template/interpolate/render.go)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from packlint.document import Range
from packlint.evaluate.scope import Component, Scope
from packlint.evaluate.types import object_type
from packlint.gotemplate.sdk import RENDERING, VARIABLES_ONLY, functions
from packlint.gotemplate.worth import Later, at_run, failing
from packlint.pattern import pattern
from packlint.record import replace
from packlint.syntax import Expression, Object, Template, Text, elements
from packlint.value import STRING, Failure, Known, Unknown, Value

_ONE_FIELD = pattern(r"[^{]*(\{\{ ?\.[A-Za-z_]{1,50} ?\}\})[^{]*")
"""A text with one field, as in `{{ .Name }}`, and nothing else of a template: what most of them are."""


def rendered(value: Value, expression: Expression, component: Component, scope: Scope) -> Value:
    """What a component renders of the value of an expression."""
    rendering = _Rendering(component, scope.legacy)
    return scope.bounded(lambda inner: rendering.value(value, expression, inner))


class _Rendering:
    def __init__(self, component: Component, legacy: bool) -> None:
        self.component = component
        self.legacy = legacy
        self.sure = component.type in RENDERING.get(component.kind, ())

    def value(self, value: Value, expression: Expression, scope: Scope) -> Value:
        """The value with its strings rendered, and with the keys of its maps.

        `expression` is what gives it, or what gives the value that it is in.
        """
        if not isinstance(value, Known) or value.to_be_supplied:
            return value
        scope.budget.spend()
        data = value.data
        if isinstance(data, str):
            return self._text(value, data, expression, scope) if "{{" in data else value
        if isinstance(data, tuple):
            items = zip(data, elements(expression, len(data)), strict=True)
            marks = value.sensitive, value.default_of
            return replace(
                value, data=tuple(self.value(it.marked(*marks), part, scope) for it, part in items)
            )
        return self._map(value, data, expression, scope) if isinstance(data, Mapping) else value

    def _map(self, value: Known, data: Mapping[str, Value], expression: Expression, scope: Scope) -> Value:
        written = expression.items if isinstance(expression, Object) else ()
        by_name = {item.name: item for item in written}
        entries: dict[str, Value] = {}
        for name, entry in data.items():
            item = by_name.get(name)
            key: Value = Known(name, STRING, value.sensitive, value.default_of)
            if "{{" in name:
                key = self.value(key, item.key if item else expression, scope)
            if not isinstance(key, Known):
                return replace(key, type=value.type)
            entries[str(key.data)] = self.value(
                entry.marked(value.sensitive, value.default_of), item.value if item else expression, scope
            )
        if entries.keys() == data.keys() or value.type.kind != "object":
            return replace(value, data=entries)
        return replace(value, data=entries, type=object_type(entries))

    def _text(self, value: Known, text: str, expression: Expression, scope: Scope) -> Value:
        unknown = Unknown("a template that only the build renders", STRING, value.sensitive).beginning(text)
        if not self.sure or (self.legacy and not _written(text, expression)):
            return unknown
        scope.budget.render(len(text))
        field = _ONE_FIELD.fullmatch(text)
        found = at_run(field[1]) if field else self._executed(value, text, expression, scope)
        if isinstance(found, str):
            return replace(value, data=found)
        if isinstance(found, Later):
            return unknown if value.sensitive else Unknown(found.because, STRING).beginning(text)
        return found or unknown

    def _executed(
        self, value: Known, text: str, expression: Expression, scope: Scope
    ) -> str | Later | Failure | None:
        """What a template gives, why it does so later, or its failure; None where that is not sure."""
        from packlint.gotemplate.execute import render
        from packlint.gotemplate.lexer import fault
        from packlint.gotemplate.tree import Refused, Unsure, parse

        known = functions(self.component.kind, self.component.type)
        try:
            return render(text, parse(text, known), self._context, scope.budget.read)
        except Unsure:
            return None
        except Refused as refused:
            if self.legacy and fault(text) is not None:
                return None  # lowering tells that
            scope.budget.read(expression.range.end - expression.range.start)
            place = located(expression, text, refused.start, refused.end)
            return Failure(refused.reason, STRING, value.sensitive, value.default_of, place, "template")

    @cached_property
    def _context(self) -> Mapping[str, Callable[..., str]]:
        return _context(self.component, self.legacy)


def located(expression: Expression, text: str, start: int, end: int) -> Range:
    """The place of a stretch of a string's text, which lies in an action, as near as it can be told.

    The `{{` of the text are those of what is written, unless parts of it come from elsewhere.
    """
    written = expression.range.text
    opening = text.rfind("{{", 0, start + 2)
    nth = text.count("{{", 0, opening)
    if opening < 0 or written.count("{{") != text.count("{{"):
        return expression.range
    at = -2
    for _ in range(nth + 1):
        at = written.find("{{", at + 2)
    begins = expression.range.start + at
    if written.startswith(text[opening:end], at):
        return Range(expression.range.document, begins + start - opening, begins + end - opening)
    closing = written.find("}}", at)
    ends = expression.range.start + closing + 2 if closing >= 0 else expression.range.end
    return Range(expression.range.document, begins, ends)


def _written(text: str, expression: Expression) -> bool:
    """Whether all templates in a text stand where it is written: a user variable brings none with it."""
    if not isinstance(expression, Template):
        return False
    here = sum(part.value.count("{{") for part in expression.parts if isinstance(part, Text))
    return here == text.count("{{")


def _context(component: Component, legacy: bool) -> Mapping[str, Callable[..., str]]:
    """The functions whose worth, or whose failure, is sure within a component."""
    found: dict[str, Callable[..., str]] = {}
    name = component.name
    if name is not None:
        if "{{" not in name:
            found["build_name"] = lambda: name
        found["build_type"] = lambda: component.type
        found["build"] = failing("`build` is known only to provisioners and post-processors")
    for function in VARIABLES_ONLY:
        where = "the `variables` of a template" if legacy else "legacy JSON templates"
        found[function] = failing(f"`{function}` can be called only in {where}")
    if not legacy:
        found["user"] = failing("`user` can be called only in legacy JSON templates")
        found["template_dir"] = failing("`template_dir` is known only in legacy JSON templates")
    return found
