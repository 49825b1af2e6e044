"""Values of a legacy template → what Packer's decoder makes of them, and what it refuses.

The decoder is mitchellh/mapstructure as packer-plugin-sdk/template/parse.go calls it: keys in whatever case,
null as if nothing were given, and where it is `weak` numbers for strings and one thing for a list of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.document import Range
from packlint.suggest import suggest
from packlint.syntax import Expression, Literal, Object, ObjectItem, Template, Text, Tuple, is_null

RULE = "invalid-legacy-template"

_DURATION = re.compile(r"[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)")
"""What Go's `time.ParseDuration` takes."""

_LONGEST_SHOWN = 80
_WHOLE = re.compile(r"[-+]?[0-9]+")


class Decoder:
    """Reads values, and keeps what Packer would refuse about them in `diagnostics`.

    Of a file that is not `whole` nothing is refused: who knows where a thing was meant to stand.
    """

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.diagnostics: list[Diagnostic] = []

    def refuse(
        self,
        range_: Range,
        message: str,
        hint: str | None = None,
        related: tuple[Related, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Says that Packer refuses something."""
        if self.whole:
            self.diagnostics.append(Diagnostic(RULE, severity, message, range_, related, hint=hint))

    def type_of(self, item: Object, what: str, weak: bool) -> tuple[str, ObjectItem] | None:
        """The type of a component and where it stands; None where it has none."""
        self._check_config(item, what, weak)
        found = field(item.items, "type")
        if found is None:
            self.refuse(beginning(item), f"{what} has no `type`", _misspelt(item))
            return None
        name = self.text(found.value, f"`type` of {what}", weak)
        if name == "":
            self.refuse(found.value.range, f"{what} has no `type`")
        return (name, found) if name else None

    def array(self, value: Expression, what: str, of: str = "") -> tuple[Expression, ...]:
        """The elements of an array; of null none."""
        if isinstance(value, Tuple):
            return value.items
        if not is_null(value):
            self.refuse(beginning(value), f"{what} must be an array{of}, not {kind(value)}", _wrap(value))
        return ()

    def object(self, value: Expression, what: str) -> Object | None:
        """The object; None for null and for what is none."""
        if isinstance(value, Object):
            return value
        if not is_null(value):
            self.refuse(beginning(value), f"{what} must be an object, not {kind(value)}")
        return None

    def text(self, value: Expression, what: str, weak: bool = False) -> str | None:
        """A string, empty for null; None where there is none. A `weak` one may be a number or a boolean."""
        text = _text(value, weak)
        if text is None:
            self.refuse(beginning(value), f"{what} must be a string, not {kind(value)}")
        return text

    def names(self, value: Expression, what: str, weak: bool) -> tuple[tuple[str, Range], ...] | None:
        """An array of strings with their places; None where there is none. A `weak` one may be a string."""
        if is_null(value):
            return ()
        if not isinstance(value, Tuple):
            if not weak:
                message = f"{what} must be an array of strings, not {kind(value)}"
                self.refuse(beginning(value), message, _wrap(value))
                return None
            value = Tuple(value.range, () if isinstance(value, Object) and not value.items else (value,))
        texts = [(self.text(item, f"an element of {what}", weak), item.range) for item in value.items]
        known = tuple((text, range_) for text, range_ in texts if text is not None)
        return known if len(known) == len(texts) else None

    def duration(self, value: Expression, what: str) -> None:
        """A length of time such as `"30s"`, or a number of nanoseconds."""
        if isinstance(value, Template):
            if not _DURATION.fullmatch(value.literal or ""):
                hint = 'write a number with its unit, such as `"30s"` or `"1m30s"`; it is not interpolated'
                self.refuse(value.range, f"{what} is not a duration", hint)
        elif not isinstance(value, Literal):
            self.refuse(beginning(value), f"{what} must be a duration, not {kind(value)}")

    def whole_number(self, value: Expression, what: str) -> None:
        """A whole number, also in quotes; one that is interpolated may become one."""
        text = _text(value, weak=True) if isinstance(value, Template | Literal) else "0"
        if isinstance(value, Tuple | Object):
            self.refuse(beginning(value), f"{what} must be a whole number, not {kind(value)}")
        elif text and not _WHOLE.fullmatch(text):
            self.refuse(value.range, f"{what} is not a whole number")

    def _check_config(self, item: Object, what: str, weak: bool) -> None:
        """`config` is what the decoder takes for the whole configuration, and so wants to be an object."""
        found = field(item.items, "config")
        if found is not None and not (weak and isinstance(found.value, Tuple)):
            self.object(found.value, f"`config` of {what}")

    def flag(self, value: Expression, what: str) -> None:
        """`true` or `false`."""
        if not (isinstance(value, Literal) and (value.value is None or isinstance(value.value, bool))):
            self.refuse(beginning(value), f"{what} must be `true` or `false`, not {kind(value)}")


def field(items: Sequence[ObjectItem], name: str) -> ObjectItem | None:
    """The item of that name: exactly, else in whatever case."""
    alike: ObjectItem | None = None
    for item in items:
        key = item.key.value if isinstance(item.key, Text) else ""
        if key == name:
            return item
        if alike is None and len(key) == len(name) and key.lower() == name:
            alike = item
    return alike


def key_of(item: ObjectItem) -> str:
    """The key as it is written; empty for one that is interpolated."""
    return item.key.value if isinstance(item.key, Text) else ""


def entries(item: Object) -> Iterator[tuple[str, ObjectItem]]:
    """The items of an object by their keys, of a key that is given twice the first."""
    first: dict[str, ObjectItem] = {}
    for entry in item.items:
        first.setdefault(key_of(entry), entry)
    yield from first.items()


def shown(name: str) -> str:
    """A name for a message: in one line, and the beginning of a very long one."""
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def beginning(value: Expression) -> Range:
    """Where to point at a value: all of a simple one, the bracket that opens an array or object."""
    if isinstance(value, Tuple | Object):
        return Range(value.range.document, value.range.start, value.range.start + 1)
    return value.range


def kind(value: Expression) -> str:
    """What a value is, for messages."""
    if isinstance(value, Tuple | Object):
        return "an array" if isinstance(value, Tuple) else "an object"
    if isinstance(value, Literal):
        return "null" if value.value is None else "a boolean" if isinstance(value.value, bool) else "a number"
    return "a string"


def _misspelt(item: Object) -> str | None:
    """A hint at a key that was probably meant as `type`; one such as `vm_type` is longer."""
    near = suggest("type", (key for key, _ in entries(item) if len(key) <= len("type") + 1))
    return f"did you mean `type` where it says `{near}`?" if near else None


def _text(value: Expression, weak: bool) -> str | None:
    if isinstance(value, Template):
        return value.literal
    if not isinstance(value, Literal) or not (weak or value.value is None):
        return None
    if isinstance(value.value, bool):
        return "1" if value.value else "0"
    return "" if value.value is None else _digits(value.value)


def _digits(number: int | Decimal) -> str:
    """A number written out as Go writes a float64, which is all that it reads from JSON."""
    text = f"{Decimal(repr(float(Decimal(number)))):f}"
    return text.removesuffix(".0")


def _wrap(value: Expression) -> str | None:
    return None if is_null(value) else "put it into square brackets"
