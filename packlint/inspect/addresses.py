"""A configuration → its values by address, such as `source.qemu.base.disk_size`, and parts of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from packlint import syntax
from packlint.document import Range
from packlint.effective import arguments_for
from packlint.model import Arguments, Build, Configuration, Dynamic, Origin, SourceUse, Step, Variable
from packlint.record import field, record, replace
from packlint.syntax import Expression
from packlint.value import Failure, Known, Value

LONGEST_NAME = 100
LONGEST = 500
"""Characters of an address; nobody asks for a longer one, and every argument repeats that of its owner."""

_QUOTED = re.compile(r'\[\s*"((?:[^"\\]|\\.)*)"\s*\]')
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_NUMBERED = re.compile(r"\[\s*([0-9]+)\s*\]")


@record(eq=False)
class Named:
    """A value that has an address.

    `range` is all that gives it, name and expression; None where nothing does. `secret` tells that what is
    written there must not be shown. `own` names the source whose body it stands in, None elsewhere. In what
    `dynamic` blocks make, `iterators` has what these go through. `step` is the step that it belongs to, which
    may have other arguments for each of `uses`.
    """

    address: str
    value: Value
    expression: Expression | None
    range: Range | None
    origin: Origin | None = None
    rendered: Value | None = None
    secret: bool = False
    own: tuple[str, str] | None = None
    iterators: Mapping[str, Named] = field(default_factory=dict)
    step: Step | None = None
    uses: tuple[SourceUse, ...] = ()

    def by_source(self) -> Iterator[tuple[str, Value]]:
        """The sources for which the step has another value, and that value."""
        if self.step is None:
            return
        name = self.address.rpartition(".")[2]
        for use in self.uses:
            argument = arguments_for(self.step, use).get(name) if self.step.runs_on(use) else None
            if argument is not None and argument.value is not self.value:
                yield use.key, argument.value


def step_addresses(build: Build, address: str) -> dict[Step, str]:
    """The address of each step of a build, which has that address itself."""
    found: dict[Step, str] = {}
    for position, step in enumerate(build.provisioners):
        found[step] = f"{address}.provisioner.{position}"
    for position, step in enumerate(build.error_cleanup):
        found[step] = f"{address}.error-cleanup-provisioner.{position}"
    for chain, steps in enumerate(build.chains):
        for place, in_chain in enumerate(steps):
            found[in_chain] = f"{address}.post-processors.{chain}.{place}"
    return found


def build_address(build: Build, position: int) -> str:
    """`build.` and its name, where that is known and needs no quotes; else its position."""
    name = build.name.value.known(str) if build.name and not build.name.value.sensitive else None
    plain = name is not None and len(name) <= LONGEST_NAME and _IDENTIFIER.fullmatch(name)
    return f"build.{name if plain else position}"


def normal(address: str) -> str:
    """The address as `Addresses` has it: `disk[0]` and `disk["0"]` as `disk.0`."""
    plain = _QUOTED.sub(lambda found: "." + re.sub(r"\\(.)", r"\1", found[1]), address.strip())
    return _NUMBERED.sub(r".\1", plain)


class Addresses:
    """Every value of a configuration by its address; of two with one address the first."""

    def __init__(self, configuration: Configuration) -> None:
        self.by_address: dict[str, Named] = {}
        for named in addressed(configuration):
            self.by_address.setdefault(named.address, named)

    def find(self, address: str) -> Named | None:
        """The value of an address, also of a part of a collection, `local.sizes.0`."""
        address = normal(address)
        for whole in (address, f"source.{address}"):
            found = self.by_address.get(whole) or self._within(whole)
            if found is not None:
                return found
        return None

    def _within(self, address: str) -> Named | None:
        """A part of a value: the rest of the address leads into it."""
        parts = address.split(".")
        for count in range(len(parts) - 1, 1, -1):
            found = self.by_address.get(".".join(parts[:count]))
            if found is not None:
                return descended(found, parts[count:])
        return None

    def below(self, address: str) -> list[str]:
        """The addresses that begin with this one, as those of the arguments of a source."""
        address = normal(address)
        starts = (f"{address}.", f"source.{address}.")
        return [known for known in self.by_address if known.startswith(starts)]

    def ending_like(self, address: str) -> Iterator[str]:
        """The addresses that end in the same name as this one, which is as `normal` makes it."""
        name = address.rpartition(".")[2]
        return (known for known in self.by_address if name and known.rpartition(".")[2] == name)

    def near(self, address: str) -> Iterable[str]:
        """Addresses that may be meant: those of the same owner, else all variables, locals and owners."""
        owner = normal(address).rpartition(".")[0]
        found = [a for a in self.by_address if a.rpartition(".")[0] in (owner, f"source.{owner}")]
        if found:
            return found
        return {a if a.startswith(("var.", "local.")) else a.rpartition(".")[0] for a in self.by_address}


def descended(named: Named, keys: Iterable[str | int]) -> Named | None:
    """A part of a value, with the expression that gives that part where it is written by itself."""
    for key in keys:
        value = _member(named.value, key)
        if value is None:
            return None
        value = value.marked(named.value.sensitive, named.value.default_of)
        part = _part(named.expression, key)
        named = replace(
            named,
            address=f"{named.address}.{key}",
            value=value,
            expression=part or named.expression,
            range=part.range if part else named.range,
            rendered=None,
        )
    return named


def _member(value: Value, key: str | int) -> Value | None:
    if not isinstance(value, Known):
        return None if isinstance(value, Failure) else value
    data = value.data
    if isinstance(data, Mapping):
        return data.get(str(key))
    if isinstance(data, tuple) and value.type.kind != "set" and str(key).isdecimal() and int(key) < len(data):
        return data[int(key)]
    return None


def _part(expression: Expression | None, key: str | int) -> Expression | None:
    """The expression of one member, where the collection is written out."""
    while isinstance(expression, syntax.Parentheses):
        expression = expression.inner
    if isinstance(expression, syntax.Object):
        return next((item.value for item in reversed(expression.items) if item.name == str(key)), None)
    if isinstance(expression, syntax.Tuple) and str(key).isdecimal() and int(key) < len(expression.items):
        return expression.items[int(key)]
    return None


def addressed(configuration: Configuration) -> Iterator[Named]:
    """Every value of a configuration; two may have one address, where a name is taken twice."""
    yield from map(_variable, configuration.variables)
    for local in configuration.locals:
        place = local.range if local.expression else None
        yield Named(f"local.{local.name}", local.value, local.expression, place, secret=local.sensitive)
    for data in configuration.data_sources:
        yield Named(f"data.{data.key}", data.value, None, data.header_range)
        yield from _Owner(f"data.{data.key}").named(data.arguments)
    for source in configuration.sources:
        yield from _Owner(f"source.{source.key}", (source.type, source.name)).named(source.arguments)
    for position, build in enumerate(configuration.builds):
        for address in dict.fromkeys((build_address(build, position), f"build.{position}")):
            yield from _build(address, build)


def _variable(variable: Variable) -> Named:
    origin = variable.origin
    expression, place = None, origin.range or variable.range
    if origin.kind == "default" and variable.default:
        expression, place = variable.default.expression, variable.default.range
    secret = variable.sensitive
    return Named(f"var.{variable.name}", variable.value, expression, place, origin, secret=secret)


def _build(address: str, build: Build) -> Iterator[Named]:
    for argument in (build.name, build.sources):
        if argument is not None:
            yield Named(f"{address}.{argument.name}", argument.value, argument.expression, argument.range)
    for use in build.uses:
        owner = _Owner(f"{address}.source.{use.key}", (use.type, use.name), _iterators(address, use.dynamic))
        yield from owner.named(use.own)
    evaluated = {dynamic.range: dynamic for dynamic in build.dynamics}
    for step, step_address in step_addresses(build, address).items():
        dynamics = (evaluated.get(dynamic.range) for dynamic in step.dynamics)
        owner = _Owner(step_address, iterators=_iterators(address, *dynamics))
        yield from owner.named(step.meta)
        differs = step.by_source or "override" in step.meta
        for named in owner.named(step.arguments):
            whole = named.address.removeprefix(f"{step_address}.") in step.arguments
            yield replace(named, step=step, uses=build.uses) if differs and whole else named


def _iterators(owner: str, *dynamics: Dynamic | None) -> dict[str, Named]:
    """What `dynamic` blocks go through, by the names that their contents have for it."""
    return {
        dynamic.iterator: Named(
            f"{owner}.dynamic.{dynamic.type}.for_each",
            dynamic.for_each.value,
            dynamic.for_each.expression,
            dynamic.for_each.range,
        )
        for dynamic in dynamics
        if dynamic and dynamic.for_each
    }


@record
class _Owner:
    """A component or block whose arguments are to be named."""

    address: str
    own: tuple[str, str] | None = None
    iterators: Mapping[str, Named] = field(default_factory=dict)

    def named(self, arguments: Arguments) -> Iterator[Named]:
        """The arguments, and those of nested blocks."""
        if len(self.address) > LONGEST:
            return
        for it in arguments:
            yield Named(
                f"{self.address}.{it.name}",
                it.value,
                it.expression,
                it.range,
                rendered=it.rendered,
                own=self.own,
                iterators=self.iterators,
            )
        counts: dict[str, int] = {}
        for block in arguments.blocks:
            position = counts[block.type] = counts.get(block.type, -1) + 1
            iterators = {**self.iterators, **_iterators(self.address, block.dynamic)}
            inner = replace(self, address=f"{self.address}.{block.type}.{position}", iterators=iterators)
            yield from inner.named(block.arguments)
