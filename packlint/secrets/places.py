"""A configuration → the secrets written in its arguments, and the variables that are meant for secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packlint.document import Range
from packlint.model import Argument, Arguments, Build, Configuration, Local, Variable
from packlint.once import once
from packlint.record import record
from packlint.secrets.formats import keys
from packlint.secrets.names import GUEST, holds_secret, is_stand_in, is_throw_away, takes_secret
from packlint.syntax import (
    Action,
    Attribute,
    Call,
    Conditional,
    Expression,
    File,
    Object,
    Parentheses,
    Template,
    TemplateWrap,
    Traversal,
    walk,
)
from packlint.traits import builder
from packlint.value import BOOL, NUMBER

_KEEPERS = frozenset({"file", "filebase64", "fileexists", "pathexpand", "abspath", "basename", "dirname"}) | {
    *("env", "vault", "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw")
}
"""Functions whose arguments only lead to a secret."""

_LEADING = ("_file", "_path", "_files", "_paths", "_name", "_id", "_url", "_env_var")
"""How arguments end that only lead to a secret."""

EVERYBODY_KNOWS = 2
"""How much milder a password is that everybody knows, of a machine that few can reach."""


@record(eq=False)
class Slot:
    """An argument that takes a secret, and of what: `type` is the component's.

    `machines` are the builders that make the machines whose password it is, None where it is no such.
    `users` are the names that log in with it.
    """

    argument: Argument
    type: str
    machines: tuple[str, ...] | None = None
    users: frozenset[str] = frozenset()


@record(eq=False)
class Written:
    """A secret that is written in an argument or local: its text, where, and which slots it goes to."""

    text: str
    template: Template
    slots: tuple[Slot, ...]


@record(eq=False)
class Holder:
    """A variable that is meant for a secret; `slots` are the arguments it goes to, or a local with it."""

    variable: Variable
    slots: tuple[Slot, ...]

    @property
    def default(self) -> Template | None:
        """The default, where it is a text that is written there."""
        given = self.variable.default.expression if self.variable.default is not None else None
        return given if isinstance(given, Template) and given.literal is not None else None


@record(eq=False)
class Secrets:
    """What of a configuration has to do with secrets, each in the order of the template.

    `machines` are all builders that it uses.
    """

    written: tuple[Written, ...]
    holders: tuple[Holder, ...]
    machines: tuple[str, ...]

    def mildness(
        self, text: str, name: str, slots: Iterable[Slot] = (), users: frozenset[str] = frozenset()
    ) -> int | None:
        """How much milder than others a secret is in these slots; None where it is none worth a word.

        `name` is that of the argument or variable, `users` are further names that log in with it. A password
        that everybody knows is no secret of a machine that is made on the host of Packer.
        """
        slots = tuple(slots)
        if is_stand_in(text, name):
            return None
        if not (is_throw_away(text) or text in users.union(*(slot.users for slot in slots))):
            return 0
        if any(slot.machines is None for slot in slots):
            return 0
        made = {it for slot in slots for it in slot.machines or ()} if slots else self.machines
        known = [it for it in map(builder, made) if it is not None and it.platform != "meta"]
        if all(it.local for it in known):
            return None
        return EVERYBODY_KNOWS if all(it.local or it.platform == "hypervisor" for it in known) else 0

    def excused(self, holder: Holder) -> bool:
        """Whether a variable holds a password that everybody knows, of a machine on the host of Packer."""
        text = holder.default.literal if holder.default is not None else None
        if not text or is_stand_in(text, holder.variable.name):
            return False
        return self.mildness(text, holder.variable.name, holder.slots) is None


@once
def secrets(configuration: Configuration) -> Secrets:
    """The secrets of a configuration; nothing of what is not written there or has a known form (`keys`)."""
    locals_ = {local.name: local for local in configuration.locals}
    written: dict[int, tuple[Template, list[Slot]]] = {}
    reached: dict[str, list[Slot]] = {}
    for slot in _slots(configuration):
        for origin in _origins(slot.argument.expression, locals_):
            if isinstance(origin, Template):
                written.setdefault(id(origin), (origin, []))[1].append(slot)
            else:
                reached.setdefault(str(origin.steps[0].name), []).append(slot)
    machines = tuple(dict.fromkeys(source.type for source in configuration.sources))
    return Secrets(tuple(_written(written.values())), tuple(_holders(configuration, reached)), machines)


def _written(found: Iterable[tuple[Template, list[Slot]]]) -> Iterator[Written]:
    for template, slots in found:
        text = template.literal or ""
        if next(keys(text), None) is None:
            yield Written(text, template, tuple(slots))


def _holders(configuration: Configuration, reached: Mapping[str, list[Slot]]) -> Iterator[Holder]:
    named = {it.name for it in configuration.variables if it.name not in reached and holds_secret(it.name)}
    leading = _leading(configuration) if named else frozenset()
    declared = {file.document.path: _declarations(file) for file in configuration.syntax if file.legacy}
    for variable in configuration.variables:
        secret = variable.name in reached or variable.name in named - leading
        if secret and _is_text(variable) and _stands_in(declared, variable.range):
            yield Holder(variable, tuple(reached.get(variable.name, ())))


def _declarations(file: File) -> Range | None:
    declared = file.body.attribute("variables")
    return declared.range if declared is not None else None


def _stands_in(declared: Mapping[str, Range | None], place: Range) -> bool:
    """Whether a variable is declared, which one of a legacy template need not be to get a value."""
    if place.document.path not in declared:
        return True
    around = declared[place.document.path]
    return around is not None and around.start <= place.start and place.end <= around.end


def _is_text(variable: Variable) -> bool:
    """Whether a variable may hold one text."""
    constraint, default = variable.constraint, variable.default
    if constraint is not None:
        return isinstance(constraint, Traversal) and constraint.root in ("string", "any")
    if default is None:
        return True
    value = default.value
    return (
        value.entries is None
        and value.items is None
        and value.type not in (BOOL, NUMBER)
        and (not isinstance(default.expression, Object) and value.type.kind in ("string", "any"))
    )


def _leading(configuration: Configuration) -> frozenset[str]:
    """The variables that hold the way to a secret: a path, or the name that it is kept under."""
    found: set[str] = set()
    for file in configuration.syntax:
        for node in walk(file.body):
            inside: tuple[Expression, ...] = ()
            if isinstance(node, Attribute) and node.name.endswith(_LEADING):
                inside = (node.expression,)
            elif isinstance(node, Call) and node.name in _KEEPERS:
                inside = node.arguments
            for it in inside:
                found.update(_named(it))
    return frozenset(found)


def _named(expression: Expression) -> Iterator[str]:
    for node in walk(expression):
        if isinstance(node, Traversal) and node.root == "var" and node.steps and node.steps[0].name:
            yield node.steps[0].name


def _origins(
    expression: Expression, locals_: Mapping[str, Local], deep: bool = True
) -> Iterator[Template | Traversal]:
    """The literal texts and variables that give an argument its whole value, directly or by one local."""
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        match current:
            case TemplateWrap():
                waiting.append(current.wrapped)
            case Parentheses():
                waiting.append(current.inner)
            case Conditional():
                waiting += (current.otherwise, current.then)
            case Action() if current.text is not None and len(current.references) == 1:
                yield from (it for it in current.references if it.range == current.range)
            case Template() if current.literal is not None:
                yield current
            case Traversal() if len(current.steps) == 1 and current.steps[0].name:
                local = locals_.get(current.steps[0].name) if current.root == "local" else None
                if current.root == "var":
                    yield current
                elif local is not None and local.expression is not None and deep:
                    yield from _origins(local.expression, {}, deep=False)


def _slots(configuration: Configuration) -> Iterator[Slot]:
    """Every argument of a component that takes a secret."""
    for source in configuration.sources:
        yield from _within(source.arguments, source.type, (source.type,))
    for data in configuration.data_sources:
        yield from _within(data.arguments, data.type)
    for build in configuration.builds:
        machines = machines_of(build)
        for use in build.uses:
            yield from _within(use.own, use.type, (use.type,))
        for step in (*build.provisioners, *build.error_cleanup):
            yield from _within(step.arguments, step.type, machines)
        for processor in build.post_processors:
            yield from _within(processor.arguments, processor.type)


def machines_of(build: Build) -> tuple[str, ...]:
    """The builders whose machines the steps of a build run on."""
    return tuple(dict.fromkeys(use.type for use in build.uses))


def _within(arguments: Arguments, type_: str, machines: tuple[str, ...] | None = None) -> Iterator[Slot]:
    for argument in arguments:
        if takes_secret(argument.name):
            user = arguments.known(argument.name.replace("password", "username"), str)
            users = frozenset({user} if user else ())
            yield Slot(argument, type_, machines if argument.name in GUEST else None, users)
    for block in arguments.blocks:
        yield from _within(block.arguments, type_, machines)
