"""An expression and what it may refer to → its value, or why it has none (hashicorp/hcl, `hclsyntax`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint import syntax
from packlint.evaluate import templates, traversal
from packlint.evaluate.compute import HANDLERS, at, computed, condition_of, key_of, made, made_object, weighed
from packlint.evaluate.convert import convert
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import is_null, type_of, unify
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, NULL, NUMBER, Failure, Known, Type, Unknown, Value


def value_of(expression: Expression, scope: Scope) -> Value:
    """The value of an expression; never raises.

    What only a build knows, what Packer would refuse and what is too large to compute is an Unknown with
    its reason. Unknown elements leave their collection known.
    """
    if isinstance(expression, syntax.Template) and len(expression.parts) == 1:
        only = expression.parts[0]
        text = scope.literal(only.value) if isinstance(only, syntax.Text) else None
        if text:  # most expressions of a template are plain text
            return text
    elif isinstance(expression, syntax.Literal) and (plain := scope.plain(expression)):
        return plain
    return scope.bounded(lambda inner: _whole(computed(expression, inner), inner))


def _whole(value: Value, scope: Scope) -> Value:
    """The value; the first failure of all that was computed, where the value shows none."""
    if not scope.failures or isinstance(value, Failure):
        return value
    return value if any(isinstance(part, Failure) for part in parts(value, scope)) else scope.failures[0]


def parts(value: Value, scope: Scope) -> Iterator[Value]:
    """The value and all that it holds, at the cost of a step each."""
    waiting = [value]
    while waiting:
        scope.budget.spend()
        current = waiting.pop()
        yield current
        data = current.data if isinstance(current, Known) and not current.to_be_supplied else None
        if isinstance(data, tuple):
            waiting.extend(reversed(data))
        elif isinstance(data, Mapping):
            waiting.extend(data.values())


def _literal(expression: syntax.Literal, scope: Scope) -> Value:
    scope.budget.spend(expression.range.end - expression.range.start)
    data = expression.value
    if isinstance(data, bool):
        return Known(data, BOOL)
    if data is None:
        return NULL
    from packlint.evaluate.numbers import rounded

    return Known(rounded(data), NUMBER)


def _parentheses(expression: syntax.Parentheses, scope: Scope) -> Value:
    return computed(expression.inner, scope)


def _action(expression: syntax.Action, scope: Scope) -> Value:
    from packlint.evaluate.actions import rendered

    return rendered(expression, scope, computed)


def _conditional(expression: syntax.Conditional, scope: Scope) -> Value:
    """Both branches are evaluated, for their common type; what fails in the other one does not matter."""
    condition = condition_of(expression.condition, scope)
    before = len(scope.failures)
    then = weighed(expression.then, scope)
    between = len(scope.failures)
    otherwise = weighed(expression.otherwise, scope)
    common = _common(then, otherwise)
    if common is None:
        results = expression.then.range.to(expression.otherwise.range)
        return Failure("the two results of the condition have no type in common", range=results)
    if isinstance(condition, Unknown):
        del scope.failures[before:]
        return replace(condition, type=common).marked(then.sensitive or otherwise.sensitive)
    branch, chosen = (expression.then, then) if condition.data else (expression.otherwise, otherwise)
    del scope.failures[between if condition.data else before : None if condition.data else between]
    return at(convert(chosen, common), branch).marked(condition.sensitive, condition.default_of)


def _common(then: Value, otherwise: Value) -> Type | None:
    """The type that both branches of a conditional become; a null becomes what the other one is."""
    one, other = type_of(then), type_of(otherwise)
    if is_null(then) and one == ANY:
        return other
    if is_null(otherwise) and other == ANY:
        return one
    return ANY if ANY in (one, other) else unify((one, other))


def _tuple(expression: syntax.Tuple, scope: Scope) -> Value:
    return made(tuple([computed(item, scope) for item in expression.items]), scope)


def _object(expression: syntax.Object, scope: Scope) -> Value:
    entries: dict[str, Value] = {}
    marks: Value = Known({})
    missing: Unknown | None = None
    for item in expression.items:
        if isinstance(item.key, syntax.Traversal) and item.key.steps:
            because = f"`{item.key.range.text}` is a key only in parentheses or in quotes"
            return Failure(because, range=item.key.range)
        key = key_of(item.key, scope)
        marks = marks.marked(key.sensitive, key.default_of)
        value = computed(item.value, scope)
        if isinstance(key, Unknown):
            missing = key if missing is None or isinstance(key, Failure) else missing
        else:
            entries[str(key.data)] = value
    if missing:
        return missing.marked(marks.sensitive)
    return made_object(entries, marks, scope)


def _unary(expression: syntax.Unary, scope: Scope) -> Value:
    from packlint.evaluate.operators import unary

    value = unary(expression.operator, weighed(expression.operand, scope))
    return at(value, expression.operand)


def _binary(expression: syntax.Binary, scope: Scope) -> Value:
    """A chain of operators nests to the left as deep as it is long: it is walked, not descended into."""
    from packlint.evaluate.operators import LOGICAL, binary, effort

    chain = [expression]
    while isinstance(chain[-1].left, syntax.Binary):
        chain.append(chain[-1].left)
    before = len(scope.failures)
    value = weighed(chain[-1].left, scope)
    for step in reversed(chain):
        between = len(scope.failures)
        right = weighed(step.right, scope)
        scope.budget.spend(1 + effort(step.operator, value, right))
        left, value = value, binary(step.operator, value, right, (step.left.range, step.right.range))
        if step.operator in LOGICAL and not isinstance(value, Failure):
            _forget(step.operator, (left, right), (before, between), scope)
    return value


def _forget(operator: str, sides: tuple[Value, Value], counts: tuple[int, int], scope: Scope) -> None:
    """What fails in one side of a logical operator does not matter where the other decides.

    `counts` has the number of the failures before each side.
    """
    from packlint.evaluate.operators import decides

    (left, right), (before, between) = sides, counts
    if between == before and (decides(operator, left) or isinstance(left, Unknown)):
        del scope.failures[between:]
    elif len(scope.failures) == between and decides(operator, right):
        del scope.failures[before:]


def _call(expression: syntax.Call, scope: Scope) -> Value:
    """The value of a call; of one that fails, or whose arguments do, not even the type is known."""
    from packlint.evaluate import functions

    before = len(scope.failures)
    value = functions.called(expression, scope, computed)
    if isinstance(value, Failure):
        return replace(value, type=ANY)
    return replace(scope.failures[before], type=ANY) if len(scope.failures) > before else value


def _for(expression: syntax.For, scope: Scope) -> Value:
    from packlint.evaluate.loops import looped

    return looped(expression, scope)


HANDLERS.update(templates.HANDLERS | traversal.HANDLERS)
HANDLERS.update(
    {
        syntax.Literal: _literal,
        syntax.Parentheses: _parentheses,
        syntax.Tuple: _tuple,
        syntax.Object: _object,
        syntax.Action: _action,
        syntax.Call: _call,
        syntax.For: _for,
        syntax.Conditional: _conditional,
        syntax.Binary: _binary,
        syntax.Unary: _unary,
    }
)

__all__ = ["computed", "value_of"]
