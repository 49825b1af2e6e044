"""A block of a policy file → what its labels and arguments say, or an error at its place."""

from __future__ import annotations

from collections.abc import Iterable

from packlint.document import Range
from packlint.errors import PolicyError
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.policy.unknown_name import shortened
from packlint.suggest import suggest
from packlint.syntax import Attribute, Block, Expression, Template, TemplateWrap, Traversal, traversals
from packlint.value import STRING, Failure, Known, Type, Unknown, held_by

TEXTS = Type("list", STRING)

_ROOT = {"policy": 1, "test": 1, "param": 1, "locals": 0}
"""The blocks of a policy file, and how many labels each has."""

_POLICY = (
    *("description", "severity", "target", "when", "condition", "schema", "error_message", "at"),
    *("on_unknown", "waivable", "benchmarks"),
)
_TEST = ("template", "files", "params", "finds")
_PARAM = ("type", "default", "description")
_ELSEWHERE = {"variable": "param", "variables": "param", "local": "locals", "rule": "policy"}
"""What others call the blocks of a policy file."""


class Said:
    """A block of a policy file, read attribute by attribute."""

    def __init__(self, block: Block) -> None:
        self.block = block
        wanted = _ROOT.get(block.type)
        if wanted is None:
            raise self._unknown(block.type, block.type_range, _ROOT, "there is no block")
        if len(block.labels) != wanted:
            what = "one name in quotes" if wanted else "no name"
            raise PolicyError(f"`{block.type}` takes {what}", None, block.header_range)
        known = {"policy": _POLICY, "test": _TEST, "param": _PARAM}.get(block.type)
        for inner in block.body.blocks:
            hint = f"write `{inner.type} = {{ … }}`" if inner.type in (known or (inner.type,)) else None
            raise PolicyError(f"`{block.type}` holds no blocks", hint, inner.header_range)
        if known is not None:
            for attribute in block.body.attributes:
                if attribute.name not in known:
                    none = f"`{block.type}` has no argument"
                    raise self._unknown(attribute.name, attribute.name_range, known, none)
            refuse_twice((it.name, it.name_range) for it in block.body.attributes)

    @staticmethod
    def _unknown(name: str, place: Range, known: Iterable[str], none: str) -> PolicyError:
        names = [*known]
        near = suggest(name, names) or (_ELSEWHERE.get(name) if known is _ROOT else None)
        listed = "there are " + ", ".join(f"`{it}`" for it in names if it != near)
        hint = f"did you mean `{near}`? {listed.replace('are', 'are also', 1)}" if near else listed
        return PolicyError(f"{none} `{shortened(name)}`", hint, place)

    @property
    def name(self) -> str:
        return self.block.labels[0].value

    @property
    def name_range(self) -> Range:
        return self.block.labels[0].range

    def attribute(self, name: str) -> Attribute | None:
        return self.block.body.attribute(name)

    def expression(self, name: str) -> Expression | None:
        attribute = self.attribute(name)
        return attribute.expression if attribute else None

    def demanded(self, name: str, hint: str) -> Expression:
        found = self.expression(name)
        if found is None:
            message = f"{self.block.type} `{self.name}` has no `{name}`"
            raise PolicyError(message, hint, self.block.header_range)
        return found

    def constant(self, name: str, type_: Type, what: str) -> Known | None:
        """The value of an argument that may speak of nothing; raises PolicyError for one of another type."""
        expression = self.expression(name)
        if expression is None:
            return None
        value = convert(value_of(expression, Scope({})), type_)
        for part in held_by([value]):
            if isinstance(part, Unknown):
                place = (part.range if isinstance(part, Failure) else None) or expression.range
                raise PolicyError(f"`{name}` has to be {what}", why_not(expression, part), place)
        if not isinstance(value, Known) or value.data is None:
            raise PolicyError(f"`{name}` has to be {what}, not null", "leave it out", expression.range)
        return value

    def text(self, name: str) -> str:
        value = self.constant(name, STRING, "a text")
        return str(value.data) if value else ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.constant(name, TEXTS, "a list of texts")
        items = value.items if value else None
        found = tuple(item.known(str) for item in items or ())
        if None in found:
            raise PolicyError(f"`{name}` has to be a list of texts", None, self._place(name))
        return tuple(text for text in found if text is not None)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        written = self.expression(name)
        if written is None:
            return None
        if isinstance(written, Traversal) and not written.steps:
            hint = f'write it in quotes: `{name} = "{shortened(written.root)}"`'
            raise PolicyError(f"`{name}` has to be one of {quoted(choices)}", hint, written.range)
        text = self.text(name)
        if text not in choices:
            near = suggest(text, choices)
            advice = f'did you mean "{near}"?' if near else None
            raise PolicyError(f"`{name}` is none of {quoted(choices)}", advice, self._place(name))
        return text

    def _place(self, name: str) -> Range:
        expression = self.expression(name)
        return self.block.header_range if expression is None else expression.range


def quoted(texts: Iterable[str]) -> str:
    return ", ".join(f'"{it}"' for it in texts)


def why_not(expression: Expression, value: Unknown) -> str:
    """What to do about an argument that is read before anything has a value."""
    free = next(traversals(expression), None)
    if free is None:
        return value.because
    if isinstance(expression, Template | TemplateWrap):
        return "`$${` and `%%{` stand for `${` and `%{` in a text that is to have them"
    return f"write it out: it is read before `{shortened(free.root)}` could have a value"


def refuse_twice(named: Iterable[tuple[str, Range]]) -> None:
    seen: dict[str, Range] = {}
    for name, place in named:
        if name in seen:
            line = seen[name].first.line
            message = f"`{shortened(name)}` is there twice, first in line {line}"
            raise PolicyError(message, "take one away", place)
        seen[name] = place
