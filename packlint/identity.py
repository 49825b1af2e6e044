"""Diagnostics → what stays the same of each when lines move: rule, file, block or argument, message."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.named import NamedTuple
from packlint.syntax import Attribute, Block, Expression, File, Object, ObjectItem, Template, Tuple

LONGEST_NAME, LONGEST = 100, 500
"""Characters of one name in an address, and of an address; the rest is cut off."""

NAMED = frozenset({"build", "provisioner", "post-processor", "error-cleanup-provisioner"})
"""Blocks whose `name` argument is a name of Packer's own (hcl2template/types.build.go)."""

_LISTS = frozenset({"builders", "provisioners", "post-processors"})
"""What a legacy template lists its components in."""


class Identity(NamedTuple):
    """What a finding is known by; two findings may have the same.

    `address` names the innermost block or argument around it, as `source.qemu.base.disk_size`, and is empty
    where there is none. No text of the file is in it save names, so that a secret is in no part of it.
    """

    rule: str
    path: str
    address: str
    message: str


def identities(
    diagnostics: Iterable[Diagnostic], syntax: Callable[[Document], File | None]
) -> tuple[Identity, ...]:
    """The identity of each diagnostic; `syntax` gives the parsed file of its document, if there is any."""
    addresses: dict[str, _Addresses | None] = {}

    def address(place: Range) -> str:
        path = place.document.path
        if place.start == place.end:
            return ""
        if path not in addresses:
            file = syntax(place.document)
            addresses[path] = _Addresses(file) if file is not None else None
        found = addresses[path]
        return found.of(place.start, place.end) if found is not None else ""

    return tuple(
        Identity(it.rule, it.range.document.path, address(it.range), " ".join(it.message.split()))
        for it in diagnostics
    )


def fingerprints(known: Iterable[Identity]) -> tuple[str, ...]:
    """For each finding 32 hexadecimal digits, a colon and which of those with the same digits it is."""
    from hashlib import sha256  # which loads OpenSSL: most runs do not come here

    seen: Counter[str] = Counter()
    found: list[str] = []
    for identity in known:
        text = "\0".join(identity).encode(errors="surrogatepass")
        digits = sha256(text).hexdigest()[:32]
        seen[digits] += 1
        found.append(f"{digits}:{seen[digits]}")
    return tuple(found)


class _Addresses:
    """The blocks and arguments of a file, each within another one or none."""

    def __init__(self, file: File) -> None:
        nodes = [*(_legacy(file) if file.legacy else _nodes(file))]
        spans = sorted((place.start, -place.end, number) for number, (place, _) in enumerate(nodes))
        self.nodes = [nodes[number][1] for _, _, number in spans]
        self.starts = [start for start, _, _ in spans]
        self.ends = [-end for _, end, _ in spans]
        self.around: list[int] = []
        self.texts: dict[int, str] = {}
        above: list[int] = []
        for number, start in enumerate(self.starts):
            while above and self.ends[above[-1]] <= start:
                above.pop()
            self.around.append(above[-1] if above else -1)
            above.append(number)

    def of(self, start: int, end: int) -> str:
        """The address of the innermost node that holds all of a stretch; "" where none does."""
        number = bisect_right(self.starts, start) - 1
        while number >= 0 and self.ends[number] < end:
            number = self.around[number]
        return self.text(number) if number >= 0 else ""

    def text(self, number: int) -> str:
        """The address of a node, which begins with that of the one around it."""
        chain = []
        while number >= 0 and number not in self.texts:
            chain.append(number)
            number = self.around[number]
        text = self.texts.get(number, "")
        for inner in reversed(chain):
            text = ".".join(filter(None, (text, _name(self.nodes[inner]))))[:LONGEST]
            self.texts[inner] = text
        return text


def _nodes(file: File) -> Iterator[tuple[Range, Attribute | Block]]:
    """The blocks and attributes, however deep; what is within a value has no address of its own."""
    waiting: list[Attribute | Block] = list(file.body.items)
    while waiting:
        node = waiting.pop()
        yield node.range, node
        if isinstance(node, Block):
            waiting += node.body.items


def _legacy(file: File) -> Iterator[tuple[Range, Attribute | ObjectItem | Object]]:
    """The root keys of a legacy template, the components that they list, and the keys of both."""
    for attribute in file.body.attributes:
        yield attribute.range, attribute
        parts: list[Expression] = [attribute.expression]
        if attribute.name in _LISTS:
            components = list(_objects(attribute.expression))
            yield from ((it.range, it) for it in components)
            parts = [*components]
        for part in parts:
            if isinstance(part, Object):
                for item in part.items:
                    yield item.key.range.to(item.value.range), item


def _objects(expression: Expression) -> Iterator[Object]:
    """The objects in a list, also in lists in it, as post-processors are chained."""
    items: Sequence[Expression] = expression.items if isinstance(expression, Tuple) else ()
    for item in items:
        for inner in item.items if isinstance(item, Tuple) else (item,):
            if isinstance(inner, Object):
                yield inner


def _name(node: Attribute | Block | ObjectItem | Object) -> str:
    """What a node adds to an address."""
    if isinstance(node, Object):
        given = {item.name: _literal(item.value) for item in node.items if item.name in ("type", "name")}
        names = [given.get("type"), given.get("name")]
    elif isinstance(node, Block):
        names = [node.type, *(label.value for label in node.labels)]
        if node.type in NAMED and (name := node.body.attribute("name")) is not None:
            names.append(_literal(name.expression))
    else:
        names = [node.name]
    return ".".join(name[:LONGEST_NAME] for name in names if name)


def _literal(expression: Expression) -> str | None:
    return expression.literal if isinstance(expression, Template) else None
