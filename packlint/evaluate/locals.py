"""Local values and data sources → what each is worth, each after those that it depends on.

Packer evaluates them as one graph (hcl2template/parser.go, since 1.12): a data source may speak of locals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packlint.blocks import DECLARED
from packlint.evaluate.component import evaluated
from packlint.evaluate.context import expressions
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Component, Scope
from packlint.model import Arguments, Configuration, DataSource, Local
from packlint.named import NamedTuple
from packlint.record import replace
from packlint.syntax import Expression, Traversal, traversals
from packlint.traits import outputs
from packlint.value import ANY, BOOL, NUMBER, STRING, Known, Type, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Declaration: TypeAlias = Local | DataSource

MOST_SHOWN = 8
"""How many names of a cycle a reason lists."""

_TYPES = {"string": STRING, "number": NUMBER, "bool": BOOL}
_COLLECTIONS = {"list": Type("list", ANY), "map": Type("map", ANY)}


class Declared(NamedTuple):
    """Locals and data sources with their values, what `local` and `data` stand for, and their cycles."""

    locals: tuple[Local, ...]
    data_sources: tuple[DataSource, ...]
    roots: Mapping[str, Value]
    cycles: tuple[tuple[Declaration, ...], ...]


def declared_values(configuration: Configuration, scope: Scope) -> Declared:
    """The locals and data sources with their values; those that need themselves are unknown.

    Of a name that is declared twice the first counts.
    """
    return _Evaluation(configuration, scope).declared(configuration)


class _Evaluation:
    def __init__(self, configuration: Configuration, scope: Scope) -> None:
        every: tuple[Declaration, ...] = (*configuration.locals, *configuration.data_sources)
        self.nodes: dict[str, Declaration] = {}
        for declaration in every:
            self.nodes.setdefault(_name(declaration), declaration)
        self.locals: dict[str, Value] = {}
        self.data: dict[str, dict[str, Value]] = {it.type: {} for it in configuration.data_sources}
        self.roots: dict[str, Value] = {
            "local": Known(self.locals),
            "data": Known({type_: Known(values) for type_, values in self.data.items()}),
        }
        self.scope = scope.having(self.roots)
        self.arguments: dict[str, Arguments] = {}
        self.values: dict[str, Value] = {}

    def declared(self, configuration: Configuration) -> Declared:
        from packlint.circles import circle, components

        needed: dict[str, list[str]] = {}
        doubtful: set[str] = set()
        for name, node in self.nodes.items():
            needs = list(dict.fromkeys(_needs(node)))
            if "" in needs:
                doubtful.add(name)
            needed[name] = [need for need in needs if need in self.nodes]
        number = {name: at for at, name in enumerate(self.nodes)}
        cycles = []
        for component in components(needed):
            component.sort(key=number.__getitem__)
            around = circle(component, needed)
            if around:
                cycles.append(around)
            reason = _reason(around)
            for name in component:
                self._evaluate(name, reason, name in doubtful)
        cycles.sort(key=lambda names: number[names[0]])
        return Declared(
            tuple(replace(it, value=self.values[_name(it)]) for it in configuration.locals),
            tuple(
                replace(it, value=self.values[it_name], arguments=self._arguments(it))
                for it in configuration.data_sources
                for it_name in (_name(it),)
            ),
            self.roots,
            tuple(tuple(self.nodes[name] for name in names) for names in cycles),
        )

    def _evaluate(self, name: str, reason: str | None, doubtful: bool) -> None:
        node = self.nodes[name]
        value: Value
        if isinstance(node, DataSource):
            if reason is None and not doubtful:
                self.arguments[name] = self._evaluated(node)
            value = _data(node, reason or f"depends on `{name}`", self.arguments.get(name))
            self.data[node.type][node.name] = value
        else:
            if reason is not None:
                value = Unknown(reason)
            elif node.expression is None:
                value = Unknown(f"`{name}` has no expression")
            elif doubtful:
                value = Unknown(f"`{name}` depends on all of `local` or `data`")
            else:
                value = value_of(node.expression, self.scope)
            value = value.marked(sensitive=node.sensitive)
            self.locals[node.name] = value
        self.values[name] = value

    def _arguments(self, data: DataSource) -> Arguments:
        """Those of a cycle, of one that speaks of all locals, and of one declared twice come last."""
        if self.nodes[_name(data)] is data and _name(data) in self.arguments:
            return self.arguments[_name(data)]
        return self._evaluated(data)

    def _evaluated(self, data: DataSource) -> Arguments:
        return evaluated(data.arguments, self.scope.within(Component("data-source", data.type, data.name)))


def _name(declaration: Declaration) -> str:
    if isinstance(declaration, DataSource):
        return f"data.{declaration.type}.{declaration.name}"
    return f"local.{declaration.name}"


def _needs(declaration: Declaration) -> Iterator[str]:
    """What a declaration refers to; an empty name stands for what only a computed index tells."""
    for expression in _expressions(declaration):
        for traversal in traversals(expression):
            if traversal.root in ("local", "data"):
                yield _named(traversal, DECLARED[traversal.root])


def _named(traversal: Traversal, length: int) -> str:
    names = [step.key for step in traversal.steps[:length] if isinstance(step.key, str)]
    return ".".join([traversal.root, *names]) if len(names) == length else ""


def _expressions(declaration: Declaration) -> Iterable[Expression]:
    if isinstance(declaration, DataSource):
        return expressions(declaration.arguments)
    return () if declaration.expression is None else (declaration.expression,)


def _reason(around: tuple[str, ...]) -> str | None:
    if not around:
        return None
    names = [*around[:MOST_SHOWN], *(["…"] if len(around) > MOST_SHOWN else ()), around[0]]
    return f"depends on itself: `{' → '.join(names)}`"


def _data(node: DataSource, because: str, arguments: Arguments | None) -> Value:
    """What a data source gives, which is not known before it has run.

    That of `null` is its `input`, which Packer renders (datasource/null/data.go): a build knows it, although
    `packer validate` does not run it.
    """
    known = outputs(node.type)
    if known is None:
        return Unknown(because)
    types = {name: _type(written) for name, written in known.types.items()}
    if not known.complete:
        return Unknown(because, Type("object", attributes=tuple(sorted(types.items()))))
    values: dict[str, Value] = {name: Unknown(because, type_) for name, type_ in types.items()}
    given = arguments.value("input") if node.type == "null" and arguments else None
    if given is not None:
        text = convert(given, STRING)
        if isinstance(text, Known) and isinstance(text.data, str) and "{{" not in text.data:
            values["output"] = text
        else:
            values["output"] = Unknown(because, STRING, text.sensitive)
    return Known(values)


def _type(written: str) -> Type:
    """The type that `string`, `list(string)` and the like name; the elements may be of any type.

    Those of plugins are not, in all their releases, what their schemas say.
    """
    kind = written.partition("(")[0]
    return _COLLECTIONS.get(kind) or _TYPES.get(kind, ANY)
