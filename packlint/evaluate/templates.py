"""Templates, in quotes or heredocs → their text (hashicorp/hcl, `expression_template.go`)."""

from __future__ import annotations

from collections.abc import Callable

from packlint import syntax
from packlint.evaluate.budget import LARGEST_TEXT
from packlint.evaluate.compute import computed, condition_of, weighed
from packlint.evaluate.giving_up import TooLarge
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.evaluate.types import article, is_null, type_of
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import STRING, Failure, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNMARKED = Known("", STRING)


def _text(expression: syntax.Text, scope: Scope) -> Value:
    scope.budget.read(len(expression.value))
    return Known(normal(expression.value), STRING)


def _template(expression: syntax.Template, scope: Scope) -> Value:
    return _joined(expression.parts, scope)


def _joined(parts: tuple[Expression, ...], scope: Scope) -> Value:
    """The text of a template's parts, one after the other."""
    if len(parts) == 1 and isinstance(parts[0], syntax.Text):
        return _text(parts[0], scope)
    texts: list[str] = []
    missing: Unknown | None = None
    begins = ""
    marks = _UNMARKED
    for part in parts:
        if isinstance(part, syntax.Text):
            scope.budget.read(len(part.value))
            texts.append(part.value)
            continue
        value = weighed(part, scope)
        marks = marks.marked(value.sensitive, value.default_of)
        text = _part(value, part)
        if isinstance(text, str):
            texts.append(text)
        elif missing is None or isinstance(text, Failure) > isinstance(missing, Failure):
            begins = begins if missing else "".join(texts) + text.begins
            missing = text
    if isinstance(missing, Failure):
        return replace(missing, type=STRING).marked(marks.sensitive, marks.default_of)
    if missing:
        return replace(missing, type=STRING).marked(marks.sensitive).beginning(begins)
    if sum(map(len, texts)) > LARGEST_TEXT:
        raise TooLarge
    return Known(normal("".join(texts)), STRING, marks.sensitive, marks.default_of)


def _part(value: Value, part: Expression) -> str | Unknown:
    """The text that a value gives within a template."""
    if isinstance(value, Known) and isinstance(value.data, str) and not value.to_be_supplied:
        return value.data
    if is_null(value) and not value.to_be_supplied:
        return Failure("null cannot stand in a string", STRING, range=part.range)
    if isinstance(value, Unknown):
        return value
    from packlint.evaluate.operators import operand

    text = operand(value, STRING)
    if isinstance(text, Known):
        return str(text.data)
    if isinstance(text, Failure):
        return Failure(f"{article(type_of(value))} cannot stand in a string", STRING, range=part.range)
    return text


def _wrap(expression: syntax.TemplateWrap, scope: Scope) -> Value:
    return computed(expression.wrapped, scope)


def _template_if(expression: syntax.TemplateIf, scope: Scope) -> Value:
    condition = condition_of(expression.condition, scope)
    if isinstance(condition, Unknown):
        return replace(condition, type=STRING)
    chosen = _joined(expression.then if condition.data else expression.otherwise, scope)
    return chosen.marked(condition.sensitive, condition.default_of)


def _template_for(expression: syntax.TemplateFor, scope: Scope) -> Value:
    from packlint.evaluate.loops import pairs_of, scopes

    collection = computed(expression.collection, scope)
    pairs = pairs_of(collection, expression.collection, scope)
    if isinstance(pairs, Unknown):
        return replace(pairs, type=STRING)
    texts: list[str] = []
    marks: Value = Known("", STRING).marked(collection.sensitive, collection.default_of)
    for inner in scopes(expression, pairs, collection, scope):
        text = _joined(expression.body, inner)
        marks = marks.marked(text.sensitive, text.default_of)
        if isinstance(text, Unknown):
            return replace(text, sensitive=marks.sensitive)
        texts.append(str(text.data))
        scope.budget.read(len(texts[-1]))
    return Known("".join(texts), STRING, marks.sensitive, marks.default_of)


HANDLERS: dict[type[Expression], Callable[[Any, Scope], Value]] = {
    syntax.Text: _text,
    syntax.Template: _template,
    syntax.TemplateWrap: _wrap,
    syntax.TemplateIf: _template_if,
    syntax.TemplateFor: _template_for,
}
