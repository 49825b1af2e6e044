"""The index of some rules → stand-ins for them: a rule is imported when it has to look, or to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from packlint.diagnostic import Finding, Severity
from packlint.record import fields, record
from packlint.rule import CHECKS, Category, Example, Fixable, Precision, Preset, Rule, types_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, TypeAlias

Option: TypeAlias = "tuple[str, str | tuple[str, ...], Any]"
"""The name of an option, its type, or the texts that it may be, and its default."""

Row: TypeAlias = tuple[
    str,
    str,
    str,
    str,
    str,
    str,
    str,
    str,
    "float | None",
    tuple[int, ...],
    tuple[str, ...],
    tuple[str, ...],
    tuple[str, ...],
    str,
    tuple[Option, ...],
]
"""What an index has of a rule: its name, module and class; category, severity, precision, preset and fixable
by their values; `security_severity`, `cwe`, `former`; its check methods, `looks_for`, summary and options."""

_CATEGORIES = {it.value: it for it in Category}
_SEVERITIES = {it.value: it for it in Severity}
_PRECISIONS = {it.value: it for it in Precision}
_PRESETS = {it.value: it for it in Preset}
_FIXABLES = {it.value: it for it in Fixable}
_KINDS = {"bool": bool, "int": int, "float": float, "str": str}


class _Lazy(type):
    """What of a class only its module can tell; these go before what the class has of its bases."""

    _place: tuple[str, str]
    _options: tuple[Option, ...]
    _made: type[Any] | None

    def real(cls) -> type[Rule]:
        """The rule itself."""
        module, name = cls._place
        found: type[Rule] = getattr(import_module(module), name)
        return found

    @property
    def examples(cls) -> tuple[Example, ...]:
        return cls.real().examples

    @property
    def Options(cls) -> type[Any]:  # noqa: N802 - rules call it so
        """A class with the fields that the rule's own has."""
        if cls._made is None:
            cls._made = _options(cls._options) if cls._options else Rule.Options
        return cls._made


class StandIn(Rule, metaclass=_Lazy):
    """Base of the stand-ins, which say what the index knows and have the rule do the rest."""

    _name: ClassVar[str]
    _summary: ClassVar[str]
    _methods: ClassVar[tuple[str, ...]]

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        self._given = options
        self._awake: Rule | None = None

    @classmethod
    def name(cls) -> str:
        """The name, as the index has it; a rule that is made of a stand-in has its own."""
        return vars(cls).get("_name") or super().name()

    @classmethod
    def summary(cls) -> str:
        """The summary, as the index has it."""
        return vars(cls).get("_summary") or super().summary()

    @classmethod
    def page(cls) -> str:
        """The page of the rule."""
        return cls.real().page() if "_name" in vars(cls) else super().page()

    @classmethod
    def methods(cls) -> tuple[str, ...]:
        """The check methods, as the index has them."""
        return cls._methods

    def awake(self) -> Rule:
        """The rule with the options that this one was given, made when it is first asked for."""
        if self._awake is None:
            real, given = type(self).real(), self._given
            said = {it.name: getattr(given, it.name) for it in fields(given)} if given is not None else None
            self._awake = real() if said is None else real(real.Options(**said))
        return self._awake


def _check(method: str) -> Callable[..., Iterator[Finding]]:
    def check(self: StandIn, *arguments: Any) -> Iterator[Finding]:
        """As the rule has it."""
        found: Iterator[Finding] = getattr(self.awake(), method)(*arguments)
        return found

    return check


for _method in CHECKS:
    setattr(StandIn, _method, _check(_method))


def shelved(index: Iterable[Row], package: str) -> tuple[type[Rule], ...]:
    """The stand-ins for the rules in an index of a package."""
    return tuple(_stand_in(row, package) for row in index)


def _stand_in(row: Row, package: str) -> type[Rule]:
    name, place, called, category, severity, precision, preset, fixable = row[:8]
    score, cwe, former, methods, looks_for, summary, options = row[8:]
    module = f"{package}.{place}"
    members = {
        "__module__": module,
        "_place": (module, called),
        "_name": name,
        "_summary": summary,
        "_methods": methods,
        "_options": options,
        "_made": None,
        "category": _CATEGORIES[category],
        "severity": _SEVERITIES[severity],
        "precision": _PRECISIONS[precision],
        "preset": _PRESETS[preset],
        "fixable": _FIXABLES[fixable],
        "security_severity": score,
        "cwe": cwe,
        "former": former,
        "looks_for": looks_for,
    }
    made: Any = _Lazy(called, (StandIn,), members)
    found: type[Rule] = made
    return found


def _options(options: Iterable[Option]) -> type[Any]:
    from typing import Literal

    literal: Any = Literal
    types = {name: _KINDS[kind] if isinstance(kind, str) else literal[kind] for name, kind, _ in options}
    defaults = {name: default for name, _, default in options}
    made: type[Any] = record(
        type("Options", (), {"__annotations__": types, "__module__": __name__, **defaults})
    )
    return made


def row_of(rule: type[Rule], package: str) -> Row:
    """What the index of a package says of one of its rules."""
    from typing import get_args

    hints = types_of(rule)
    return (
        rule.name(),
        rule.__module__.removeprefix(f"{package}."),
        rule.__name__,
        rule.category.value,
        rule.severity.value,
        rule.precision.value,
        rule.preset.value,
        rule.fixable.value,
        rule.security_severity,
        rule.cwe,
        rule.former,
        rule.methods(),
        rule.looks_for,
        rule.summary(),
        tuple(
            (it.name, get_args(hints[it.name]) or hints[it.name].__name__, it.default)
            for it in fields(rule.Options)
        ),
    )
