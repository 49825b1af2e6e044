"""A value of a configuration → where it comes from: its expression, what that refers to, and so on down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from packlint.blocks import DECLARED
from packlint.errors import UsageError
from packlint.inspect.addresses import Addresses, Named, descended, normal
from packlint.inspect.awaited import Awaited, awaited
from packlint.inspect.show import (
    LEAST,
    LEAST_VALUE,
    MORE,
    Screen,
    code,
    origin,
    painted,
    place,
    reason,
    shown,
)
from packlint.model import Configuration
from packlint.record import record
from packlint.report.frame import shortened
from packlint.suggest import suggest
from packlint.syntax import Traversal, traversals
from packlint.value import STRING, Known, Unknown, Value
from packlint.visible import columns, visible

DEEPEST = 24
"""How many references are followed one after the other."""

MOST = 200
"""How many values are told of in one answer."""

LISTED = 5
"""How many addresses a hint lists, and sources for which a value is another."""

_RUN = ("packer", "build", "path")

_LATER = Unknown("it is known only when the build runs")


@record(eq=False)
class Trace:
    """A value and what it was made from; `again` tells that the latter is to be seen further up.

    `more` counts values that were left out, because there are too many.
    """

    named: Named
    below: tuple[Trace, ...] = ()
    again: bool = False
    more: int = 0


def why(configurations: Sequence[Configuration], address: str, screen: Screen) -> str:
    """Where the value of an address comes from, in each template that has it.

    Raises UsageError where none has.
    """
    found: list[tuple[Configuration, Trace]] = []
    known: list[Addresses] = []
    for configuration in configurations:
        known.append(Addresses(configuration))
        named = known[-1].find(address)
        if named is not None:
            found.append((configuration, _Tracing(configuration, known[-1]).trace(named, 0)))
    if not found:
        raise _absent(address, known)
    parts = []
    for configuration, trace in found:
        head = [f"template {visible(configuration.template.path)}"] if len(configurations) > 1 else []
        parts.append("\n".join((*head, *_Tree(awaited(configuration), screen).lines(trace, "", ""))))
    return "\n\n".join(parts) + "\n"


def _absent(address: str, known: Sequence[Addresses]) -> UsageError:
    below = list(dict.fromkeys(a for addresses in known for a in addresses.below(address)))
    if below:
        listed = ", ".join(f"`{a}`" for a in below[:LISTED])
        more = f" and {len(below) - LISTED} more" if len(below) > LISTED else ""
        return UsageError(f"`{address}` is not one value", f"ask for one of {listed}{more}")
    parts = normal(address).split(".")
    owners = (".".join(parts[:count]) for count in range(len(parts) - 1, 1, -1))
    owner = next((it for it in owners if any(it in addresses.by_address for addresses in known)), None)
    if owner is not None:
        return UsageError(f"no template has a value at `{address}`", f"`{owner}` is one, without such a part")
    near = _near(normal(address), known)
    hint = f"did you mean `{near}`?" if near else "`packlint inspect` shows the addresses that there are"
    return UsageError(f"no template has a value at `{address}`", hint)


def _near(address: str, known: Sequence[Addresses]) -> str | None:
    """The address that was probably meant, before all others one that ends in the same name."""
    ending = list(dict.fromkeys(a for addresses in known for a in addresses.ending_like(address)))
    owner = address.rpartition(".")[0]
    within = [a for a in ending if a.startswith((f"{owner}.", f"source.{owner}."))]
    if within:
        return min(within, key=lambda a: a.count("."))
    return suggest(address, ending) or suggest(address, (a for them in known for a in them.near(address)))


class _Tracing:
    """Follows references within one configuration; what has been told once is not told again."""

    def __init__(self, configuration: Configuration, addresses: Addresses) -> None:
        self.directory = configuration.template.directory
        self.addresses = addresses
        self.told: set[str] = set()

    def trace(self, named: Named, depth: int) -> Trace:
        """A value with all that it was made from."""
        references = self._references(named)
        if named.address in self.told:
            return Trace(named, again=bool(references))
        self.told.add(named.address)
        if depth == DEEPEST:
            return Trace(named, more=len(references))
        below: list[Trace] = []
        for reference in references:
            if len(self.told) >= MOST:
                break
            below.append(self.trace(reference, depth + 1))
        return Trace(named, tuple(below), more=len(references) - len(below))

    def _references(self, named: Named) -> list[Named]:
        """What an expression refers to, each once, in the order of the text."""
        if named.expression is None:
            return []
        found: dict[str, Named] = {}
        for traversal in traversals(named.expression):
            reference = self._reference(traversal, named)
            if reference is not None:
                found.setdefault(reference.address, reference)
        return list(found.values())

    def _reference(self, traversal: Traversal, within: Named) -> Named | None:
        """What a traversal leads to; None for names that only their surroundings know."""
        root = traversal.root
        if root in within.iterators:
            return within.iterators[root]
        keys = [step.key for step in traversal.steps]
        address = ".".join(map(str, (root, *keys)))
        if root not in DECLARED:
            value = self._other(root, address, within)
            return Named(address, value, None, None) if value else None
        count = DECLARED[root]
        known = self.addresses.by_address.get(".".join(map(str, (root, *keys[:count]))))
        if known is None:
            return Named(address, Unknown("it is not declared"), None, None)
        return descended(known, keys[count:]) or known

    def _other(self, root: str, address: str, within: Named) -> Value | None:
        if address == "path.root":
            return Known(self.directory, STRING)
        if root == "source" and within.own and address in ("source.type", "source.name"):
            return Known(within.own[address == "source.name"], STRING)
        return _LATER if root in _RUN or (root == "source" and address.count(".") == 1) else None


@record
class _Tree:
    """Draws what a value was made from."""

    awaited: Awaited
    screen: Screen

    def lines(self, trace: Trace, lead: str, rest: str) -> Iterator[str]:
        """The lines of a tree; `lead` stands before the first line of a value, `rest` before the others."""
        named, screen = trace.named, self.screen
        inner = rest + ("│  " if trace.below or trace.more else "   ")
        note = ", ".join(filter(None, (self._reason(named), "see above" if trace.again else "")))
        # What was asked for may take several lines.
        room = screen.width * (1 if lead else 4)
        label = lead + visible(shortened(named.address))
        yield from _valued((label, inner), named.value, note, room, screen)
        others = [("rendered", named.rendered)] if named.rendered is not None else []
        others += ((f"for {visible(key)}", value) for key, value in islice(named.by_source(), LISTED))
        for title, value in others:
            note = reason(value, self.awaited)
            yield from _valued((f"{inner}{title}", inner), value, note, room, screen)
        if named.range is not None:
            yield inner + screen.style(_written(named, screen.width - columns(inner)), fg="blue")
        for count, below in enumerate(trace.below, start=1):
            last = count == len(trace.below) and not trace.more
            further = rest + ("   " if last else "│  ")
            yield from self.lines(below, f"{rest}{'└' if last else '├'}─ ", further)
        if trace.more:
            yield f"{rest}└─ {MORE} {trace.more} more"

    def _reason(self, named: Named) -> str:
        if named.origin:
            return origin(named.origin, named.value, self.awaited)
        return reason(named.value, self.awaited)


def _valued(leads: tuple[str, str], value: Value, note: str, room: int, screen: Screen) -> Iterator[str]:
    """A value with its note, which has a line of its own where it would take the value's room.

    `leads` is what stands before the value and before a note on a line of its own.
    """
    label, inner = leads
    text = shown(value, max(LEAST_VALUE, room - columns(label) - 3))
    told = f"{label} = {painted(text, value, screen)}"
    if not note:
        yield told
        return
    noted = f"# {visible(shortened(note))}"
    alone = columns(label) + 3 + columns(text) + 2 + columns(noted) > screen.width
    noted = screen.style(noted, dim=True)
    yield from (told, inner + noted) if alone else (f"{told}  {noted}",)


def _written(named: Named, room: int) -> str:
    """Where a value is given and how that is written, unless it is sensitive."""
    assert named.range is not None
    given = named.origin is not None and named.origin.kind in ("environment", "settings", "var")
    where = visible(named.range.document.path) if given else place(named.range)
    hidden = named.secret or named.value.sensitive
    return f"{where}: " + ("(sensitive)" if hidden else code(named.range, max(LEAST, room - columns(where))))
