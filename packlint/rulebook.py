"""Policies → a rulebook in Markdown, with a page for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from textwrap import dedent, indent

from packlint.diagnostic import Severity
from packlint.policy import PolicyRule
from packlint.policy.mentions import needed
from packlint.policy.names import NOUNS
from packlint.policy.policy import Param, PolicyTest
from packlint.record import record
from packlint.report import literal
from packlint.syntax import Expression
from packlint.value import Known, Value
from packlint.visible import visible

DEEPEST = 50
"""Collections within one another that are shown of a value."""

_DEMANDS = ("when", "condition", "schema")
_MARK = re.compile(r"(\d+(?=[.)])|)([-+=.)])")
"""What makes a list, a heading or a line of the beginning of a paragraph, where nothing else is escaped."""


@record
class Entry:
    """A policy in some place; `given` has the values of its parameters, None where it is not in force."""

    rule: type[PolicyRule]
    severity: Severity
    given: Mapping[str, Value] | None = None
    runs: bool = True


def rulebook(entries: Iterable[Entry]) -> str:
    """A page in Markdown of all policies by name, with a table of contents."""
    known = sorted(entries, key=lambda it: it.rule.name())
    rows = [_row(("policy", "severity", "looks at", "about")), _row(["---"] * 4)]
    for it in known:
        name = it.rule.name()
        about = _words(it.rule.summary())
        rows.append(_row((f"[{name}](#{name})", it.severity.value, NOUNS[it.rule.policy.target], about)))
    parts = ["# Policies", "\n".join(rows) if known else "There are none."]
    for it in known:
        parts += _page(it)
    return "\n\n".join(parts) + "\n"


def _page(entry: Entry) -> Iterator[str]:
    """The paragraphs about one policy."""
    rule, policy = entry.rule, entry.rule.policy
    yield f"## {rule.name()}"
    yield _facts(entry)
    yield from _description(policy.description)
    demands = {name: getattr(policy, name) for name in _DEMANDS}
    yield _fenced(_attributes({name: it for name, it in demands.items() if it is not None}), "hcl")
    params, locals_ = needed(policy, rule.sheet)
    if locals_:
        yield _fenced(f"locals {{\n{indent(_attributes(locals_), '  ')}\n}}", "hcl")
    if params:
        yield _table(params, entry.given)
    tests = [it for it in rule.sheet.tests if it.policy == policy.name]
    for test in sorted(tests, key=lambda it: not it.finds):
        yield from _example(test)


def _place(rule: type[PolicyRule]) -> str:
    """Where a policy is written."""
    path = f"{rule.sheet.document.path}:{rule.policy.name_range.first.line}"
    return f"pack `{rule.sheet.name}`, {path}" if rule.sheet.foreign else path


def _facts(entry: Entry) -> str:
    policy = entry.rule.policy
    facts = [f"**{entry.severity.value}**", NOUNS[policy.target], _words(_place(entry.rule))]
    if not entry.runs:
        facts.append("the settings leave it out")
    if not policy.waivable:
        facts.append("cannot be waived")
    if policy.warns:
        facts.append("what cannot be known is told, too")
    return " · ".join((*facts, *(_words(_joined(it)) for it in policy.benchmarks)))


def _description(text: str) -> Iterator[str]:
    """Its paragraphs and list items, with all else that Markdown would take for markup escaped."""
    for block in re.split(r"\n[ \t]*\n", text):
        items: list[str] = []
        for line in block.splitlines():
            if line.lstrip().startswith(("- ", "* ")):
                items.append(f"- {line.lstrip()[2:]}")
            elif items:
                items[-1] += f" {line.strip()}"
            else:
                items.append(line.strip())
        lines = [_paragraph(it) for it in items if it.strip()]
        if lines:
            yield "\n".join(lines)


def _paragraph(text: str) -> str:
    lead, rest = ("- ", text[2:]) if text.startswith("- ") else ("", text)
    shown = _words(_joined(rest))
    return lead + (_MARK.sub(r"\1\\\2", shown, count=1) if _MARK.match(shown) else shown)


def _words(text: str) -> str:
    """A text with code in backticks, of any length."""
    pieces = enumerate(re.split(r"`([^`]+)`", text))
    return "".join(literal.code(it) if number % 2 else literal.text(it) for number, it in pieces if it)


def _table(params: Sequence[Param], given: Mapping[str, Value] | None) -> str:
    """The parameters of a policy; where it is in force, with their values there."""
    here = ["here"] if given is not None else []
    rows = [("parameter", "type", "default", *here, "about")]
    rows.append(tuple("---" for _ in rows[0]))
    for it in params:
        default = literal.code(_written(it.default)) if it.default is not None else "has to be given"
        now = []
        if given is not None:
            now = [literal.code(_written(given[it.name])) if it.name in given else "has none"]
        about = _words(_joined(it.description))
        rows.append((literal.code(it.name), literal.code(str(it.type)), default, *now, about))
    return "\n".join(map(_row, rows))


def _written(value: Value | None, depth: int = 0) -> str:
    """A value as HCL writes it, in one line."""
    if not isinstance(value, Known) or depth > DEEPEST:
        return "…"
    if value.sensitive:
        return "(sensitive)"
    data = value.data
    if isinstance(data, tuple):
        return f"[{', '.join(_written(it, depth + 1) for it in data)}]"
    if isinstance(data, Mapping):
        inner = (f"{_key(name)} = {_written(it, depth + 1)}" for name, it in data.items())
        return f"{{ {', '.join(inner)} }}" if data else "{}"
    if isinstance(data, str):
        return json.dumps(data, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    if data is None or isinstance(data, bool):
        return "null" if data is None else str(data).lower()
    return str(Decimal(data))  # `str` refuses an int of many digits


def _example(test: PolicyTest) -> Iterator[str]:
    """A test as an example."""
    given = ", ".join(literal.code(f"{name} = {_written(it)}") for name, it in test.params.items())
    yield f"**{'Bad' if test.finds else 'Good'}**{f' with {given}' if given else ''}:"
    for path, text in test.files.items():
        if len(test.files) > 1:
            yield literal.code(path)
        yield _fenced(dedent(text).strip("\n"), "json" if path.endswith(".json") else "hcl")
    if test.finds:
        yield "\n".join(f"- found: {_words(_joined(it))}" for it in test.finds)


def _attributes(expressions: Mapping[str, Expression]) -> str:
    """Attributes with their expressions as they are written, aligned where each takes one line."""
    texts = {name: _source(it) for name, it in expressions.items()}
    width = max((len(name) for name, text in texts.items() if "\n" not in text), default=0)
    return "\n".join(
        f"{name} = {text}" if "\n" in text else f"{name:{width}} = {text}" for name, text in texts.items()
    )


def _source(expression: Expression) -> str:
    """The text of an expression, moved to the left as far as the line is indented that it begins in."""
    place = expression.range
    begin = place.document.text.rfind("\n", 0, place.start) + 1
    margin = re.compile(r"[ \t]*").match(place.document.text, begin)
    lead = margin[0] if margin else ""
    first, *others = place.text.splitlines()
    return "\n".join((first, *(line.removeprefix(lead) for line in others)))


def _fenced(code: str, language: str) -> str:
    """Code that nothing in it can end."""
    lines = [visible(line.replace("\t", "  ")) for line in code.splitlines()]
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`*", code)))
    return "\n".join((f"{fence}{language}", *lines, fence))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _joined(text: str) -> str:
    return " ".join(text.split())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_][\w-]*", name) else json.dumps(name, ensure_ascii=False)
