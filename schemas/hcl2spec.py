"""The type of a component in a plugin's tree → the arguments that its generated `HCL2Spec` declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .golang import (
    Field,
    Function,
    GoFile,
    Tokens,
    closing,
    inside,
    split,
    statements,
    unquoted,
    written,
)
from .gotree import Named, Package, Tree

_CTY_RE = re.compile(
    r"cty\.(?:(?P<plain>String|Bool|Number)|(?P<collection>List|Set|Map)\((?P<element>.*)\))"
)
_PLAIN = {"String": "string", "Bool": "bool", "Number": "number"}
_INTEGER_RE = re.compile(r"u?int(?:8|16|32|64)?")
_BYTES_RE = re.compile(r"\]\*?(?:byte|uint8)$")
_INNERMOST_RE = re.compile(r"[\w.]*$")

_NESTINGS = {"BlockSpec": "single", "BlockListSpec": "list", "BlockTupleSpec": "list", "BlockSetSpec": "list"}
_CALL = 4
"""How many tokens `.HCL2Spec()` has."""

DEEPEST = 12
"""How many blocks deep the arguments are read."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An argument; `type` as the facts write it, and whether its numbers are whole; `None`: not known."""

    type: str | None
    integer: bool | None = None
    required: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """A nested block, `single` or in a `list`; `body` is `None` where what it holds was not understood."""

    nesting: str
    body: Body | None
    required: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


Body = dict[str, Attribute | Block | None]
"""Members by name; `None` is one that is there and was not understood."""


class UnclearError(Exception):
    """Something of the tree that is not understood; the text says what and where."""


def _body(**types: str) -> Body:
    return {name: Attribute(type_, False) for name, type_ in types.items()}


_PAIRS = {
    "FlatKeyValue": _body(key="string", value="string"),
    "FlatNameValue": _body(name="string", value="string"),
}
_FILTERS: dict[str, Body] = {
    f"{name}Filter": {"filters": Attribute("map(string)", False), "filter": Block("list", pair)}
    for name, pair in _PAIRS.items()
}
_ELSEWHERE = (
    "github.com/hashicorp/packer-plugin-sdk/template/config",
    "github.com/hashicorp/packer/hcl2template",
)
"""Packages of others whose types plugins use in blocks: keys and names with values, and filters of both."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where an expression stands: its file, and the receiver of the method it is in."""

    package: Package
    file: GoFile
    receiver: Named | None = None
    function: Function | None = None


class Reader:
    """Reads arguments out of one tree; `notes` say what was not understood, and where."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.notes: list[str] = []
        self._known: dict[tuple[str, str], Body | None] = {}

    def body(self, type_: Named, method: str = "ConfigSpec") -> Body:
        """What a method of a component says: `ConfigSpec` its arguments, `OutputSpec` a data source's output.

        Raises `UnclearError` where that is not in the tree or in no form that is known.
        """
        found = self.tree.method(type_, method)
        if found is None:
            raise UnclearError(f"`{type_}` has no method `{method}` in the tree")
        receiver, file, function = found
        assert receiver.package is not None
        scope = _Scope(receiver.package, file, receiver, function)
        return self._spec(_returned(function, file), scope, 0)

    def type_of(self, expression: Tokens, package: Package, file: GoFile) -> Named:
        """The type of a value such as `new(T)` or `&T{}` that no method surrounds."""
        return self._type_of(expression, _Scope(package, file))

    def _spec(self, expression: Tokens, scope: _Scope, depth: int) -> Body:
        """The members of a spec, which is a literal or a call that gives one."""
        expression = _bare(expression)
        texts = [token.text for token in expression]
        if depth > DEEPEST:
            raise _unclear(scope.file, expression)
        if texts[:4] == ["hcldec", ".", "ObjectSpec", "("] and closing(expression, 3) == len(texts) - 1:
            return self._spec(inside(expression, 3), scope, depth + 1)
        if texts and texts[-1] == "}" and (opened := _literal(expression)) is not None:
            return self._members(inside(expression, opened), scope, {}, depth)
        if len(texts) == 1 and scope.function and (value := _assigned(scope.function.body, texts[0])):
            return self._spec(value, scope, depth + 1)
        if texts[-_CALL:] != [".", "HCL2Spec", "(", ")"]:
            raise _unclear(scope.file, expression)
        value = expression[:-_CALL]
        if [token.text for token in value[-_CALL:]] == [".", "FlatMapstructure", "(", ")"]:
            return self._flat(self._flattened(self._type_of(value[:-_CALL], scope)), depth)
        return self._flat(self._type_of(value, scope), depth)

    def _flattened(self, type_: Named) -> Named:
        """The generated type that a type's `FlatMapstructure` gives."""
        found = self.tree.method(type_, "FlatMapstructure")
        if found is None:
            return type_._replace(name=f"Flat{type_.name}")
        receiver, file, function = found
        assert receiver.package is not None
        return self._type_of(_returned(function, file), _Scope(receiver.package, file, receiver, function))

    def _flat(self, type_: Named, depth: int) -> Body:
        """The members of a generated type."""
        if type_.package is None and type_.path in _ELSEWHERE and type_.name in (known := _PAIRS | _FILTERS):
            return known[type_.name]
        if type_.package is None:
            raise UnclearError(f"`{type_}` is of a package that is not in the tree: `{type_.path}`")
        place = (type_.path, type_.name)
        if place not in self._known:
            self._known[place] = None
            self._known[place] = self._generated(type_, type_.package, depth)
        if (body := self._known[place]) is None:
            raise UnclearError(f"`{type_}` holds itself, or is not understood")
        return body

    def _generated(self, type_: Named, package: Package, depth: int) -> Body:
        found = self.tree.method(type_, "HCL2Spec")
        if found is None:
            raise UnclearError(f"`{type_}` has no method `HCL2Spec` in the tree")
        _, file, function = found
        scope = _Scope(package, file, type_, function)
        struct = package.struct(type_.name)
        fields = (
            {known.tags.get("hcl") or known.tags.get("cty", ""): known for known in struct[1]}
            if struct
            else {}
        )
        value = _returned(function, file)
        value = _assigned(function.body, written(value)) or value
        if len([*statements(function.body)]) > 2:
            self.notes.append(f"{file.path}:{function.body[0].line}: `{type_}` does more than give its spec")
        opened = _literal(value)
        if opened is None:
            raise _unclear(file, value)
        return self._members(inside(value, opened), scope, fields, depth)

    def _members(self, literal: Tokens, scope: _Scope, fields: Mapping[str, Field], depth: int) -> Body:
        body: Body = {}
        for entry in split(literal):
            if len(entry) < 3 or entry[0].kind != "string" or entry[1].text != ":":
                self.notes.append(str(_unclear(scope.file, entry)))
                continue
            name, value = unquoted(entry[0]), entry[3:] if entry[2].text == "&" else entry[2:]
            texts = [token.text for token in value[:4]]
            known = texts[:2] == ["hcldec", "."] and texts[3:] == ["{"]
            told = (
                {part[0].text: part[2:] for part in split(inside(value, 3)) if len(part) > 2} if known else {}
            )
            label = told.get("Name") or told.get("TypeName")
            name = unquoted(label[0]) if label and label[0].kind == "string" else name
            required = written(told.get("Required", ())) == "true"
            flat = fields.get(name)
            tags = flat.tags if flat else {}
            if known and texts[2] == "AttrSpec" and "Type" in told:
                type_ = written(told["Type"])
                body[name] = Attribute(_type(type_), _is_integer(flat), required, tags)
            elif known and texts[2] in _NESTINGS and "Nested" in told:
                inner = self._nested(told["Nested"], scope, depth)
                body[name] = Block(_NESTINGS[texts[2]], inner, required, tags)
            else:
                body[name] = None
                self.notes.append(str(_unclear(scope.file, entry)))
        return body

    def _nested(self, expression: Tokens, scope: _Scope, depth: int) -> Body | None:
        try:
            return self._spec(expression, scope, depth + 1)
        except UnclearError as unclear:
            self.notes.append(str(unclear))
            return None

    def _type_of(self, expression: Tokens, scope: _Scope) -> Named:
        expression = _bare(expression)
        texts = [token.text for token in expression]
        found: Named | None = None
        if texts[:2] == ["new", "("] and closing(expression, 1) == len(texts) - 1:
            found = self.tree.named(scope.package, scope.file, inside(expression, 1))
        elif texts[-3:] == ["(", "nil", ")"]:
            found = self.tree.named(scope.package, scope.file, _bare(expression[:-3]))
        elif texts[-1:] == ["}"] and "{" in texts:
            found = self.tree.named(scope.package, scope.file, expression[: texts.index("{")])
        elif scope.function and texts and texts[0] == scope.function.variable:
            found = scope.receiver
            for name in texts[2::2]:
                found = self.tree.field(found, name) if found else None
        if found is None:
            raise _unclear(scope.file, expression)
        return found


def _bare(expression: Tokens) -> Tokens:
    """An expression without the brackets around the whole of it, and without an address sign before them."""
    closed: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(expression):
        if token.text == "(":
            opened.append(at)
        elif token.text == ")" and opened:
            closed[opened.pop()] = at
    start, end = 0, len(expression)
    while start < end:
        first = start + 1 if expression[start].text == "&" else start
        if closed.get(first) != end - 1:
            break
        start, end = first + 1, end - 1
    return expression[start:end]


def _literal(expression: Tokens) -> int | None:
    """Where the brace of `hcldec.ObjectSpec{` or `map[string]hcldec.Spec{` is, if the expression is one."""
    opened = next((at for at, token in enumerate(expression) if token.text == "{"), None)
    head = written(expression[:opened]).lstrip("&") if opened is not None else ""
    return opened if head in ("hcldec.ObjectSpec", "map[string]hcldec.Spec") else None


def _returned(function: Function, file: GoFile) -> Tokens:
    """What a function gives at its end."""
    found = [part for part in statements(function.body) if part[0].text == "return" and len(part) > 1]
    if not found:
        raise UnclearError(f"{file.path}: `{function.name}` gives nothing that can be followed")
    return found[-1][1:]


def _assigned(body: Tokens, name: str) -> Tokens | None:
    """The value that a function first gives to a variable."""
    for part in statements(body):
        if [token.text for token in part[:3]] == [name, ":", "="]:
            return part[3:]
    return None


def _type(text: str) -> str | None:
    """`cty.List(cty.String)` → `list(string)`."""
    around = []
    while (match := _CTY_RE.fullmatch(text)) and match["collection"]:
        around.append(match["collection"].lower())
        text = match["element"]
    if match is None:
        return None
    found = _PLAIN[match["plain"]]
    for collection in reversed(around):
        found = f"{collection}({found})"
    return found


def _is_integer(known: Field | None) -> bool | None:
    """Whether the numbers of a field are whole; bytes are written as numbers and said to be none."""
    if known is None:
        return None
    text = written(known.type)
    innermost = _INNERMOST_RE.search(text)
    name = innermost.group() if innermost else ""
    if _BYTES_RE.search(text) or name in ("string", "bool", "float32", "float64"):
        return False
    return True if _INTEGER_RE.fullmatch(name) else None


def _unclear(file: GoFile, tokens: Tokens) -> UnclearError:
    text = written(tokens)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    line = f":{tokens[0].line}" if tokens else ""
    return UnclearError(f"{file.path}{line}: `{shown}` is not understood")
