"""A document in HCL → the policies, parameters, locals and tests that it says, or an error at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

from packlint.diagnostic import Severity
from packlint.document import Document, Range
from packlint.errors import PolicyError
from packlint.evaluate.constraints import refusal, type_of_expression
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.parse import parse
from packlint.policy.policy import TARGETS, Param, Policy, PolicyFile, PolicyTest, Target
from packlint.suggest import suggest
from packlint.syntax import Attribute, Block, Expression, Traversal
from packlint.value import ANY, BOOL, STRING, Known, Type, Value

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
TEXTS = Type("list", STRING)

_ROOT = {"policy": 1, "test": 1, "param": 1, "locals": 0}
"""The blocks of a policy file, and how many labels each has."""

_POLICY = (
    *("description", "severity", "target", "when", "condition", "schema", "error_message", "at"),
    *("on_unknown", "waivable", "benchmarks"),
)
_TEST = ("template", "files", "params", "finds")
_PARAM = ("type", "default", "description")
_UNKNOWN = ("silent", "warn")
ALONE = "template.pkr.hcl"
"""The name of the one file that a test has."""


def read(document: Document, *, name: str, files: Files, directory: str, foreign: bool) -> PolicyFile:
    """What a policy file says; `name` is what settings call it.

    Raises PolicyError at the first thing that it may not say. What its expressions are worth is not asked.
    """
    file, problems = parse(document)
    if problems:
        first = problems[0]
        raise PolicyError(first.message, first.hint, first.range)
    for attribute in file.body.attributes:
        raise PolicyError(
            f"`{attribute.name}` stands outside of a block",
            "a policy file has the blocks `policy`, `test`, `param` and `locals`",
            attribute.name_range,
        )
    blocks = [_Said(block) for block in file.body.blocks]
    policies = tuple(_policy(it) for it in blocks if it.block.type == "policy")
    tests = tuple(_test(it) for it in blocks if it.block.type == "test")
    params = [_param(it) for it in blocks if it.block.type == "param"]
    _refuse_twice((it.name, it.name_range) for it in policies)
    _refuse_twice((it.name, it.name_range) for it in params)
    local = [item for it in blocks if it.block.type == "locals" for item in it.block.body.attributes]
    _refuse_twice((it.name, it.name_range) for it in local)
    _refuse_strangers(tests, policies)
    return PolicyFile(
        name,
        document,
        files,
        directory,
        foreign,
        {it.name: it for it in params},
        {it.name: it for it in local},
        policies,
        tests,
    )


class _Said:
    """A block of a policy file, read attribute by attribute."""

    def __init__(self, block: Block) -> None:
        self.block = block
        wanted = _ROOT.get(block.type)
        if wanted is None:
            self._unknown(block.type, block.type_range, _ROOT, "block")
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
                    self._unknown(attribute.name, attribute.name_range, known, f"argument of `{block.type}`")
            _refuse_twice((it.name, it.name_range) for it in block.body.attributes)

    @staticmethod
    def _unknown(name: str, place: Range, known: Iterable[str], noun: str) -> NoReturn:
        names = [*known]
        near = suggest(name, names)
        hint = f"did you mean `{near}`?" if near else f"choose one of {', '.join(names)}"
        raise PolicyError(f"there is no {noun} `{name}`", hint, place)

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
        if not isinstance(value, Known) or value.data is None:
            raise PolicyError(f"`{name}` has to be {what}", "it cannot be computed", expression.range)
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
        if self.attribute(name) is None:
            return None
        text = self.text(name)
        if text not in choices:
            near = suggest(text, choices)
            hint = f'did you mean "{near}"?' if near else None
            listed = ", ".join(f'"{it}"' for it in choices)
            raise PolicyError(f"`{name}` is none of {listed}", hint, self._place(name))
        return text

    def _place(self, name: str) -> Range:
        expression = self.expression(name)
        return self.block.header_range if expression is None else expression.range


def _policy(said: _Said) -> Policy:
    if not NAME.fullmatch(said.name):
        raise PolicyError(
            f'"{said.name}" is no name for a policy',
            "write it in small letters and digits with dashes between: `approved-regions`",
            said.name_range,
        )
    condition, schema = said.expression("condition"), said.expression("schema")
    if condition is None and schema is None:
        raise PolicyError(
            f"policy `{said.name}` demands nothing",
            "add a `condition`, which has to be true, or a `schema`",
            said.block.header_range,
        )
    waivable = said.constant("waivable", BOOL, "true or false")
    return Policy(
        said.name,
        said.text("description"),
        Severity(said.choice("severity", tuple(it.value for it in Severity)) or "warning"),
        _target(said),
        said.expression("when"),
        condition,
        schema,
        said.demanded("error_message", 'add the sentence that is to be told, as `error_message = "…"`'),
        _at(said),
        said.choice("on_unknown", _UNKNOWN) == "warn",
        waivable is None or waivable.data is True,
        said.texts("benchmarks"),
        said.name_range,
        said.block.range,
        said.block.header_range,
    )


def _target(said: _Said) -> Target:
    listed = ", ".join(TARGETS)
    written = said.demanded("target", f"say what it is about, as in `target = source`; there are {listed}")
    name = written.root if isinstance(written, Traversal) and not written.steps else None
    for target in TARGETS:
        if name == target:
            return target
    near = suggest(name or written.range.text.strip('"'), TARGETS)
    hint = f"did you mean `{near}`?" if near else None
    raise PolicyError(f"`target` is none of {listed}", hint, written.range)


def _at(said: _Said) -> Traversal | None:
    written = said.expression("at")
    if written is None:
        return None
    if not isinstance(written, Traversal) or written.root != "self" or not written.steps:
        hint = "name a part of the block, as in `at = self.region`"
        raise PolicyError("`at` has to be a part of `self`", hint, written.range)
    return written


def _test(said: _Said) -> PolicyTest:
    template, several = said.attribute("template"), said.attribute("files")
    if (template is None) == (several is None):
        hint = "`template` is one file, `files` are several by their paths"
        raise PolicyError("a test has either `template` or `files`", hint, said.block.header_range)
    params = said.attribute("params")
    return PolicyTest(
        said.name,
        {ALONE: said.text("template")} if template else dict(_files(said)),
        said.texts("finds"),
        dict(_entries(said, "params")),
        params.expression.range if params else None,
        said.block.range,
        said.block.header_range,
    )


def _files(said: _Said) -> Iterator[tuple[str, str]]:
    for path, value in _entries(said, "files"):
        text = value.known(str)
        parts = path.split("/")
        if text is None or ".." in parts or path.startswith("/") or not all(parts) or "\0" in path:
            raise PolicyError(
                "`files` has to have texts by their paths",
                'as in `{ "web.pkr.hcl" = "…" }`',
                said.expression("files").range,  # type: ignore[union-attr]
            )
        yield path, text


def _entries(said: _Said, name: str) -> Iterable[tuple[str, Value]]:
    value = said.constant(name, ANY, "an object")
    if value is None:
        return ()
    if value.entries is None:
        raise PolicyError(f"`{name}` has to be an object", None, said.expression(name).range)  # type: ignore[union-attr]
    return value.entries.items()


def _param(said: _Said) -> Param:
    if not WORD.fullmatch(said.name):
        hint = "write it as the name of a variable: `regions`"
        raise PolicyError(f'"{said.name}" is no name for a parameter', hint, said.name_range)
    constraint = said.expression("type")
    if constraint is not None and (why := refusal(constraint)) is not None:
        raise PolicyError(f"{why.because}", "as in `type = list(string)`", why.range or constraint.range)
    type_ = (type_of_expression(constraint) if constraint is not None else ANY) or ANY
    default = said.expression("default")
    value: Value | None = None
    if default is not None:
        value = convert(value_of(default, Scope({})), type_)
        if not isinstance(value, Known):
            raise PolicyError(f"the default of `{said.name}`: {value.because}", None, default.range)
    return Param(said.name, type_, value, said.text("description"), said.name_range, said.block.range)


def _refuse_twice(named: Iterable[tuple[str, Range]]) -> None:
    seen: dict[str, Range] = {}
    for name, place in named:
        if name in seen:
            line = seen[name].first.line
            raise PolicyError(f"`{name}` is there twice, first in line {line}", "take one away", place)
        seen[name] = place


def _refuse_strangers(tests: Iterable[PolicyTest], policies: Iterable[Policy]) -> None:
    """Raises PolicyError for a test of a policy that is not in the file."""
    names = {it.name for it in policies}
    for test in tests:
        if test.policy not in names:
            near = suggest(test.policy, names)
            hint = f"did you mean `{near}`?" if near else "a test stands in the file of its policy"
            raise PolicyError(f"there is no policy `{test.policy}` in this file", hint, test.header_range)
