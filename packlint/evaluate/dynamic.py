"""A `dynamic` block → what its content may refer to in each round (hashicorp/hcl, `ext/dynblock`)."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.evaluate.budget import STEPS_EACH
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import article, type_of
from packlint.model import Argument, Arguments, Dynamic
from packlint.named import NamedTuple
from packlint.record import replace
from packlint.syntax import Tuple
from packlint.value import NUMBER, STRING, Failure, Known, Unknown, Value, failures_in


class Round(NamedTuple):
    """What makes one block: the names that its content may refer to, and its labels, None for an unknown one.

    It is not `certain` where it stands for any number of blocks.
    """

    names: Mapping[str, Value]
    labels: tuple[str | None, ...]
    certain: bool


class Expansion(NamedTuple):
    """A `dynamic` block with its values, and its rounds."""

    dynamic: Dynamic
    rounds: tuple[Round, ...]


def expanded(dynamic: Dynamic, scope: Scope, size: int, labels: int | None = None) -> Expansion:
    """The rounds of a `dynamic` block whose content has so many arguments and blocks.

    `labels` is how many labels the blocks have; None where that is not known. Where `for_each` is not known,
    or too much for the budget, one round stands for all.
    """
    for_each = _valued(dynamic.for_each, scope)
    collection = _softened(for_each.value) if for_each else Unknown("`for_each` is missing")
    pairs = _pairs(collection)
    failure: Failure | None = None
    if for_each is not None and isinstance(pairs, Failure):
        failure = replace(pairs, range=for_each.expression.range)
    failure = failure or _wrong_labels(dynamic, labels)
    if not isinstance(pairs, Unknown):
        cost = len(pairs) * (1 + size) * STEPS_EACH
        if cost <= scope.total.left:
            scope.total.left -= cost
        else:
            pairs = Unknown("too large to compute")
    certain = not isinstance(pairs, Unknown)
    if isinstance(pairs, Unknown):
        element = Unknown(pairs.because, sensitive=pairs.sensitive)
        pairs = [(element, element)]
    rounds = []
    for key, item in pairs:
        names: dict[str, Value] = {dynamic.iterator: Known({"key": key, "value": item})}
        made, wrong = _labels(dynamic, scope.bound(names))
        failure = failure or (wrong if certain else None)
        rounds.append(Round(names, made, certain and failure is None))
    complete = certain and failure is None and dynamic.has_content
    complete = complete and all(None not in it.labels and len(it.labels) >= (labels or 0) for it in rounds)
    return Expansion(replace(dynamic, for_each=for_each, complete=complete, failure=failure), tuple(rounds))


def uncertain(arguments: Arguments) -> Arguments:
    """The arguments of a block that may not be there at all: what fails in it may never be looked at."""
    return replace(
        arguments,
        by_name={name: _doubtful(a) for name, a in arguments.by_name.items()},
        blocks=tuple(replace(block, arguments=uncertain(block.arguments)) for block in arguments.blocks),
        dynamics=tuple(map(doubted, arguments.dynamics)),
    )


def doubted(dynamic: Dynamic) -> Dynamic:
    """A `dynamic` block within one of which it is not known whether it makes anything."""
    return replace(dynamic, for_each=dynamic.for_each and _doubtful(dynamic.for_each), failure=None)


def _doubtful(argument: Argument) -> Argument:
    rendered = argument.rendered and _softened(argument.rendered)
    return replace(argument, value=_softened(argument.value), rendered=rendered)


def _softened(value: Value) -> Value:
    failure = next(failures_in([value]), None)
    return value if failure is None else Unknown(failure.because, type_of(value), value.sensitive)


def _valued(argument: Argument | None, scope: Scope) -> Argument | None:
    """`for_each` with its value; there are many of them where a `dynamic` block makes others."""
    scope.total.left -= STEPS_EACH
    if argument is None or scope.total.left <= 0:
        return argument and replace(argument, value=Unknown("too large to compute"))
    return replace(argument, value=value_of(argument.expression, scope))


def _pairs(collection: Value) -> list[tuple[Value, Value]] | Unknown:
    """Key and value of each element (`Invalid dynamic for_each value`)."""
    if isinstance(collection, Unknown):
        return collection
    if collection.to_be_supplied:
        return to_be_supplied(collection)
    sensitive, data = collection.sensitive, collection.data
    if isinstance(data, Mapping):
        items = {name: data[name].marked(sensitive, collection.default_of) for name in sorted(data)}
        return [(Known(name, STRING, sensitive), item) for name, item in items.items()]
    if isinstance(data, tuple):
        marked = [item.marked(sensitive, collection.default_of) for item in data]
        if collection.type.kind == "set":
            return [(item, item) for item in marked]
        return [(Known(number, NUMBER, sensitive), item) for number, item in enumerate(marked)]
    what = "null" if data is None else article(type_of(collection))
    return Failure(f"`for_each` cannot go through {what}", sensitive=collection.sensitive)


def _wrong_labels(dynamic: Dynamic, wanted: int | None) -> Failure | None:
    """Whether `labels` is not a list of as many labels as the blocks have."""
    if wanted is None or dynamic.labels is None:
        return None
    written = dynamic.labels.expression
    if isinstance(written, Tuple) and len(written.items) == wanted:
        return None
    several = f"{wanted} label{'' if wanted == 1 else 's'}"
    return Failure(f"`labels` must be a list of {several}", range=written.range)


def _labels(dynamic: Dynamic, scope: Scope) -> tuple[tuple[str | None, ...], Failure | None]:
    """The labels of one block, and the first that Packer refuses (`Invalid dynamic block label`)."""
    written = dynamic.labels.expression if dynamic.labels else None
    labels: list[str | None] = []
    failure: Failure | None = None
    for item in written.items if isinstance(written, Tuple) else ():
        label = convert(value_of(item, scope), STRING)
        labels.append(None if label.sensitive else label.known(str))
        if isinstance(label, Known) and label.data is None and not label.to_be_supplied:
            label = Failure("a label is null")
        if isinstance(label, Failure) and failure is None:
            failure = replace(label, range=label.range or item.range)
    return tuple(labels), failure
