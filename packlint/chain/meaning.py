"""What a template means → digests of it: equal ones mean the same, however it is written.

What is known counts by its value; what is not, by how it is written, without comments and blanks, and by all
that it refers to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from packlint.blocks import DECLARED
from packlint.document import Range
from packlint.model import Argument, Arguments, Configuration, DataSource, Local, NestedBlock, Variable
from packlint.named import NamedTuple
from packlint.record import fields
from packlint.secrets.names import holds_secret, is_of_secret, takes_secret
from packlint.syntax import Action, Call, Expression, Node, Step, Template, Text, Traversal, traversals, walk
from packlint.value import Known, Value, held_by

ELSEWHERE = {
    "vault": "Vault",
    "consul_key": "Consul",
    "aws_secretsmanager": "AWS Secrets Manager",
    "aws_secretsmanager_raw": "AWS Secrets Manager",
    "pathexpand": "the home directory of who builds it",
}
"""Functions whose answer is kept where the templates are not, and where that is."""

READING = frozenset({"file", "filebase64", "fileexists", "fileset", "templatefile"})
"""Functions whose first argument names a file or directory."""

_ASKED = re.compile(rf"\b({'|'.join(ELSEWHERE)})\b")
_ENV = re.compile(r"\benv\b\s*[`\"]?([\w.-]*)")
_ASSIGNED = re.compile(r"\s*(\w+)=(.+)", re.DOTALL)


class Part(NamedTuple):
    """What something means, as a digest.

    `doubts` name what it depends on that the template does not tell, `secrets` are the texts in it that
    nobody is to guess from the digest, and `files` the paths that functions read, where their result is not
    known.
    """

    digest: bytes
    doubts: tuple[str, ...] = ()
    secrets: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


class _Valued(NamedTuple):
    digest: bytes
    known: bool
    sensitive: bool


Declaration = Variable | Local | DataSource


class Meaning:
    """The digests of one template's arguments, each made once however many images share them."""

    def __init__(self, configuration: Configuration) -> None:
        self._directory = configuration.template.directory
        self._nodes: dict[str, Declaration] = {}
        for variable in configuration.variables:
            self._nodes.setdefault(f"var.{variable.name}", variable)
        for local in configuration.locals:
            self._nodes.setdefault(f"local.{local.name}", local)
        for data in configuration.data_sources:
            self._nodes.setdefault(f"data.{data.key}", data)
        # What a digest is of is kept beside it, so that nothing else is given its id.
        self._values: dict[int, tuple[Value, _Valued]] = {}
        self._written: dict[int, tuple[Expression, Part]] = {}
        self._arguments: dict[int, tuple[Arguments, Part]] = {}
        self._declared: dict[str, Part] = {}
        self._begun: set[str] = set()  # of a cycle each is looked at once

    def arguments(self, arguments: Arguments) -> Part:
        """What a component is configured with; an argument that is null is none."""
        if id(arguments) not in self._arguments:
            parts = [self.argument(it) for _, it in sorted(arguments.by_name.items()) if not _is_null(it)]
            parts += [self._block(block) for block in arguments.blocks]
            if arguments.open:
                many = (it.for_each for it in arguments.dynamics)
                parts += [self.written(it.expression) for it in many if it is not None]
            self._arguments[id(arguments)] = arguments, joined(parts)
        return self._arguments[id(arguments)][1]

    def argument(self, argument: Argument) -> Part:
        """What an argument is worth, with its name."""
        valued = self._value(argument.value)
        written = self.written(argument.expression)
        secrets = written.secrets
        if takes_secret(argument.name) or (valued.sensitive and not secrets):
            secrets |= frozenset(_texts(argument.value))
        secrets |= frozenset(_named_secrets(argument.value))
        name = argument.name.encode(errors="surrogatepass")
        if valued.known:
            return Part(_digest(b"=", name, valued.digest), secrets=secrets)
        digest = _digest(b"?", name, valued.digest, written.digest)
        return Part(digest, written.doubts, secrets, written.files)

    def written(self, expression: Expression) -> Part:
        """What an expression says, with all that it refers to."""
        self._declare(expression)
        return self._said(expression)

    def knows(self, value: Value) -> bool:
        """Whether all of a value is known."""
        return self._value(value).known

    def _block(self, block: NestedBlock) -> Part:
        head = repr((block.type, block.labels)).encode(errors="surrogatepass")
        parts = [Part(head), self.arguments(block.arguments)]
        if block.dynamic is not None and block.dynamic.for_each is not None:
            each = self.written(block.dynamic.for_each.expression)
            known = block.dynamic.complete and self._value(block.dynamic.for_each.value).known
            parts.append(Part(b"", secrets=each.secrets) if known else each)
        return joined(parts)

    def _said(self, expression: Expression) -> Part:
        """The same, where what it refers to has been looked at."""
        if id(expression) not in self._written:
            doubts, files = [*_asked(expression)], set[str]()
            for node in walk(expression):
                if isinstance(node, Call) and node.name in READING and node.arguments:
                    path = self._text(node.arguments[0])
                    if path is None:
                        doubts.append(f"a file that `{node.name}` reads")
                    else:
                        files.add(path)
            own = Part(_structure(expression), tuple(doubts), files=frozenset(files))
            needed = [self._declared[it] for it in self._needs(expression) if it in self._declared]
            self._written[id(expression)] = expression, joined([own, *needed])
        return self._written[id(expression)][1]

    def _needs(self, expression: Expression) -> list[str]:
        """The declarations that an expression refers to; all of a kind where only a build tells which."""
        found: dict[str, None] = {}
        for traversal in traversals(expression):
            count = 1 if traversal.root == "var" else DECLARED.get(traversal.root)
            if count is None or traversal.root not in ("var", "local", "data"):
                continue
            names = [step.key for step in traversal.steps[:count] if isinstance(step.key, str)]
            name = ".".join([traversal.root, *names])
            known = (name,) if len(names) == count else (it for it in self._nodes if it.startswith(name))
            found.update((it, None) for it in known if it in self._nodes)
        return list(found)

    def _declare(self, expression: Expression) -> None:
        """Look at all that an expression refers to, what that refers to first."""
        waiting = [(name, False) for name in self._needs(expression) if name not in self._declared]
        while waiting:
            name, ready = waiting.pop()
            if name in self._declared or (name in self._begun and not ready):
                continue
            if ready:
                self._declared[name] = self._declaration(self._nodes[name])
                continue
            self._begun.add(name)
            waiting.append((name, True))
            for inner in _expressions(self._nodes[name]):
                waiting += [(it, False) for it in self._needs(inner) if it not in self._declared]

    def _declaration(self, node: Declaration) -> Part:
        valued = self._value(node.value)
        if isinstance(node, DataSource):
            made = joined([Part(node.key.encode(errors="surrogatepass")), self.arguments(node.arguments)])
            unknown = () if valued.known else (f"`data.{node.key}`, which only a run knows",)
            return Part(_digest(made.digest, valued.digest), unknown, made.secrets, made.files)
        parts = [self._said(inner) for inner in _expressions(node)]
        said = joined(parts)
        secrets = said.secrets
        if node.sensitive or holds_secret(node.name) or (valued.sensitive and not secrets):
            secrets |= frozenset(_texts(node.value))
        if valued.known:
            return Part(valued.digest, secrets=secrets)
        doubts = said.doubts
        if isinstance(node, Variable) and node.origin.kind == "unset":
            doubts += (f"`var.{node.name}`, which has no value",)
        return Part(_digest(valued.digest, said.digest), doubts, secrets, said.files)

    def _text(self, expression: Expression) -> str | None:
        """The text of an expression that is made of texts, `path.root` and known declarations."""
        parts = expression.parts if isinstance(expression, Template) else (expression,)
        found = [self._piece(part) for part in parts]
        known = [piece for piece in found if piece is not None]
        return "".join(known) if len(known) == len(found) else None

    def _piece(self, part: Expression) -> str | None:
        if isinstance(part, Text):
            return part.value
        if isinstance(part, Call) and part.name == "abspath" and len(part.arguments) == 1:
            inner = part.arguments[0]
            return self._piece(inner) if isinstance(inner, Text | Traversal) else None
        if not isinstance(part, Traversal) or len(part.steps) != 1:
            return None
        name = f"{part.root}.{part.steps[0].key}"
        node = self._nodes.get(name)
        if name == "path.root":
            return self._directory
        return node.value.text if node is not None and not node.value.sensitive else None

    def _value(self, value: Value) -> _Valued:
        """A value's digest, and whether all of it is known; a walk that keeps its own stack."""
        waiting = [(value, False)]
        while waiting:
            current, ready = waiting.pop()
            if id(current) in self._values:
                continue
            inner = _inner(current)
            if inner and not ready:
                waiting.append((current, True))
                waiting += [(it, False) for it in inner]
                continue
            of = [self._values[id(it)][1] for it in inner]
            self._values[id(current)] = (
                current,
                _Valued(
                    _digest(_token(current), *(it.digest for it in of)),
                    isinstance(current, Known) and all(it.known for it in of),
                    current.sensitive or any(it.sensitive for it in of),
                ),
            )
        return self._values[id(value)][1]


def joined(parts: list[Part]) -> Part:
    """Several parts as one."""
    return Part(
        _digest(*(part.digest for part in parts)),
        tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts)),
        frozenset[str]().union(*(part.secrets for part in parts)),
        frozenset[str]().union(*(part.files for part in parts)),
    )


def _digest(*parts: bytes) -> bytes:
    made = hashlib.sha256()
    for part in parts:
        made.update(b"%d:" % len(part) + part)
    return made.digest()


def _is_null(argument: Argument) -> bool:
    return isinstance(argument.value, Known) and argument.value.data is None


def _inner(value: Value) -> tuple[Value, ...]:
    data = value.data if isinstance(value, Known) else None
    return tuple(data.values()) if isinstance(data, Mapping) else data if isinstance(data, tuple) else ()


def _token(value: Value) -> bytes:
    """What tells a value from others, apart from what it holds."""
    if not isinstance(value, Known):
        return b"?"
    data = value.data
    if isinstance(data, Mapping):
        return f"map {[*data]!r}".encode(errors="surrogatepass")
    if isinstance(data, tuple):
        return b"list"
    if isinstance(data, int) and not isinstance(data, bool):
        return f"number {data:x}".encode()  # in decimal Python refuses long ones
    return f"{type(data).__name__} {data}".encode(errors="surrogatepass")


def _texts(value: Value) -> Iterator[str]:
    """The texts and numbers in a value."""
    for current in held_by((value,)):
        data = current.data if isinstance(current, Known) else None
        if isinstance(data, str | int | Decimal) and not isinstance(data, bool) and data != "":
            yield data if isinstance(data, str) else f"{data:x}" if isinstance(data, int) else str(data)


def _named_secrets(value: Value) -> Iterator[str]:
    """What stands in a value under the name of a secret: in a map, or as `NAME=…` in a list."""
    for current in held_by((value,)):
        data = current.data if isinstance(current, Known) else None
        if isinstance(data, Mapping):
            for name, inner in data.items():
                if is_of_secret(name):
                    yield from _texts(inner)
        elif isinstance(data, str) and (found := _ASSIGNED.match(data)) and holds_secret(found[1]):
            yield found[2]


def _expressions(node: Declaration) -> Iterator[Expression]:
    """What is written of a declaration, as far as its value comes from there."""
    if isinstance(node, Variable):
        if node.default is not None and node.origin.kind in ("default", "unset"):
            yield node.default.expression
    elif isinstance(node, Local):
        if node.expression is not None:
            yield node.expression
    else:
        waiting = [node.arguments]
        while waiting:
            current = waiting.pop()
            yield from (it.expression for it in current)
            many = (it for dynamic in current.dynamics for it in (dynamic.for_each, dynamic.labels))
            yield from (it.expression for it in many if it is not None)
            waiting += [block.arguments for block in current.blocks]


def _asked(expression: Expression) -> Iterator[str]:
    """What an expression asks of the world around the template, but for the time and for chance."""
    for node in walk(expression):
        if isinstance(node, Call) and node.name == "env":
            name = node.arguments[0] if node.arguments else None
            literal = name.literal if isinstance(name, Template) else None
            yield f"the environment variable `{literal}`" if literal else "an environment variable"
        elif isinstance(node, Call) and node.name in ELSEWHERE:
            yield ELSEWHERE[node.name]
        elif isinstance(node, Action) and node.whole and node.text:
            yield from (f"the environment variable `{it}`" for it in _ENV.findall(node.text) if it)
            yield from (ELSEWHERE[it] for it in _ASKED.findall(node.text))


def _structure(expression: Expression) -> bytes:
    """How an expression is built, whatever stands between its parts."""
    made = hashlib.sha256()
    for node in walk(expression):
        made.update(repr([*_traits(node)]).encode(errors="surrogatepass"))
    return made.digest()


def _traits(node: Node) -> Iterator[object]:
    yield type(node).__name__
    for it in fields(node):
        value = getattr(node, it.name)
        if isinstance(value, tuple):
            yield len(value)
            yield from ((step.key, step.attribute) for step in value if isinstance(step, Step))
        elif not isinstance(value, Range) and it.name != "heredoc":
            yield "+" if isinstance(value, Expression) else hex(value) if type(value) is int else value
