"""A document in HCL → the policies, parameters, locals and tests that it says, or an error at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packlint.diagnostic import Severity
from packlint.document import Document
from packlint.errors import PolicyError
from packlint.evaluate.constraints import refusal, type_of_expression, with_defaults
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.parse import parse, parse_template
from packlint.policy.given_up import unusable
from packlint.policy.policy import TARGETS, Param, Policy, PolicyFile, PolicyTest, Target
from packlint.policy.said import Said, refuse_twice, why_not
from packlint.policy.unknown_name import shortened
from packlint.rule import Category
from packlint.suggest import suggest
from packlint.syntax import Expression, Template, Traversal
from packlint.value import ANY, BOOL, Failure, Type, Unknown, Value, held_by

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

_UNKNOWN = ("silent", "warn")
MOST_POLICIES = 200
"""Policies in a file: what each is about is told before any template is looked at."""

LONGEST_NAME = 80
LONGEST_PATH = 200
"""Characters of the path of a file that a test has."""

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
    blocks = [Said(block) for block in file.body.blocks]
    policies = tuple(_policy(it) for it in blocks if it.block.type == "policy")
    tests = tuple(_test(it) for it in blocks if it.block.type == "test")
    reading = Scope({}, files, directory, parse_template=parse_template)
    params = [_param(it, reading) for it in blocks if it.block.type == "param"]
    refuse_twice((it.name, it.name_range) for it in policies)
    for further in policies[MOST_POLICIES:]:
        message = f"there are more than {MOST_POLICIES} policies in this file"
        raise PolicyError(message, "move some of them to another one", further.header_range)
    refuse_twice((it.name, it.name_range) for it in params)
    local = [item for it in blocks if it.block.type == "locals" for item in it.block.body.attributes]
    refuse_twice((it.name, it.name_range) for it in local)
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


def _refuse_name(said: Said) -> None:
    """Raises PolicyError for what cannot be the name of a policy."""
    hint = "write it in small letters and digits with dashes between: `approved-regions`"
    if not NAME.fullmatch(said.name):
        raise PolicyError(f'"{shortened(said.name)}" is no name for a policy', hint, said.name_range)
    if len(said.name) > LONGEST_NAME:
        message = f"the name of a policy has at most {LONGEST_NAME} characters"
        raise PolicyError(message, "the `description` may be longer", said.name_range)
    if said.name in {it.value for it in Category}:
        message = f"`{said.name}` is the name of a category of rules already"
        raise PolicyError(message, "give the policy another name", said.name_range)


def _policy(said: Said) -> Policy:
    _refuse_name(said)
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


def _target(said: Said) -> Target:
    listed = ", ".join(TARGETS)
    written = said.demanded("target", f"say what it is about, as in `target = source`; there are {listed}")
    name = written.root if isinstance(written, Traversal) and not written.steps else None
    for target in TARGETS:
        if name == target:
            return target
    text = written.literal if isinstance(written, Template) else None
    near = suggest(name or text or "", TARGETS)
    hint = f"did you mean `{near}`?" if near else None
    if text is not None and text in TARGETS:
        hint = f"write it without quotes: `target = {text}`"
    raise PolicyError(f"`target` is none of {listed}", hint, written.range)


def _at(said: Said) -> Traversal | None:
    written = said.expression("at")
    if written is None:
        return None
    if not isinstance(written, Traversal) or written.root != "self" or not written.steps:
        hint = "name a part of the block, as in `at = self.region`"
        raise PolicyError("`at` has to be a part of `self`", hint, written.range)
    return written


def _test(said: Said) -> PolicyTest:
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


def _files(said: Said) -> Iterator[tuple[str, str]]:
    for path, value in _entries(said, "files"):
        text = value.known(str)
        parts = path.split("/")
        if text is None or ".." in parts or path.startswith("/") or not all(parts) or "\0" in path:
            raise PolicyError(
                "`files` has to have texts by their paths",
                'as in `{ "web.pkr.hcl" = "…" }`',
                said.expression("files").range,  # type: ignore[union-attr]
            )
        if len(path) > LONGEST_PATH:
            message = f"a path in `files` has at most {LONGEST_PATH} characters"
            raise PolicyError(message, None, said.expression("files").range)  # type: ignore[union-attr]
        yield path, text


def _entries(said: Said, name: str) -> Iterable[tuple[str, Value]]:
    value = said.constant(name, ANY, "an object")
    if value is None:
        return ()
    if value.entries is None:
        raise PolicyError(f"`{name}` has to be an object", None, said.expression(name).range)  # type: ignore[union-attr]
    return value.entries.items()


def _param(said: Said, scope: Scope) -> Param:
    if not WORD.fullmatch(said.name):
        hint = "write it as the name of a variable: `regions`"
        raise PolicyError(f'"{shortened(said.name)}" is no name for a parameter', hint, said.name_range)
    constraint = said.expression("type")
    if constraint is not None and (why := refusal(constraint)) is not None:
        raise PolicyError(f"{why.because}", "as in `type = list(string)`", why.range or constraint.range)
    type_ = (type_of_expression(constraint) if constraint is not None else ANY) or ANY
    return Param(
        said.name,
        type_,
        _default(said, constraint, type_, scope),
        said.text("description"),
        said.name_range,
        said.block.range,
        constraint,
    )


def _default(said: Said, constraint: Expression | None, type_: Type, scope: Scope) -> Value | None:
    """The default of a parameter; raises PolicyError for one that has no value or is not of its type."""
    written = said.expression("default")
    if written is None:
        return None
    value = value_of(written, scope)
    for part in held_by([value]):
        if isinstance(part, Unknown):
            place = part.range if isinstance(part, Failure) else None
            hint = None if unusable(part) else why_not(written, part)
            message = f"the default of `{shortened(said.name)}` has no value: {part.because}"
            raise PolicyError(message, hint if hint != part.because else None, place or written.range)
    if constraint is not None:
        value = with_defaults(value, constraint, lambda inner: value_of(inner, scope))
    ready = convert(value, type_)
    for part in held_by([ready]):
        if isinstance(part, Unknown):
            message = f"the default of `{shortened(said.name)}` is not of its type: {part.because}"
            raise PolicyError(message, None, written.range)
    return ready


def _refuse_strangers(tests: Iterable[PolicyTest], policies: Iterable[Policy]) -> None:
    """Raises PolicyError for a test of a policy that is not in the file."""
    names = {it.name for it in policies}
    for test in tests:
        if test.policy not in names:
            near = suggest(test.policy, names)
            hint = f"did you mean `{near}`?" if near else "a test stands in the file of its policy"
            message = f"there is no policy `{shortened(test.policy)}` in this file"
            raise PolicyError(message, hint, test.header_range)
