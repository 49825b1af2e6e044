"""A policy → its page, its summary and its examples, as of any rule; nothing in them steers a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.policy.mentions import needed
from packlint.policy.message import shown
from packlint.policy.names import NOUNS
from packlint.policy.policy import Param, Policy, PolicyFile
from packlint.rule import Bad, Example, Good
from packlint.syntax import Expression, Template, Text
from packlint.value import Value
from packlint.visible import visible

LONGEST_VALUE = 200


def summary(policy: Policy) -> str:
    """The first line of the description, else what is literal in the error message."""
    first = policy.description.strip().partition("\n")[0].strip()
    return visible((first or _literal(policy.error_message)).rstrip(".")) or policy.name


def page(policy: Policy, sheet: PolicyFile, given: Mapping[str, Value]) -> str:
    """The description, what the policy is about and what it demands; `given` are the values of parameters."""
    parts = [policy.description.strip() or f"{summary(policy)}.", *_demands(policy)]
    if used := needed(policy, sheet).params:
        parts += [f"Parameters of `{sheet.name}`:", "\n".join(_param(it, given.get(it.name)) for it in used)]
    if policy.benchmarks:
        parts += ["References:", "\n".join(f"- {it}" for it in policy.benchmarks)]
    return "\n".join(visible(line) for line in "\n\n".join(parts).expandtabs(4).splitlines())


def examples(policy: Policy, sheet: PolicyFile) -> Iterator[Example]:
    """The tests of a policy as a rule shows its examples."""
    for test in sheet.tests:
        if test.policy == policy.name:
            files = {visible(path): _lines(text) for path, text in test.files.items()}
            yield Bad(files) if test.finds else Good(files)


def _demands(policy: Policy) -> Iterator[str]:
    noun = NOUNS[policy.target]
    if policy.when is not None:
        yield f"It is about each {noun} for which this is true:"
        yield _code(policy.when)
    about = f"Of each {noun}" if policy.when is None else "Of such a one"
    if policy.condition is not None:
        yield f"{about} this has to be true:"
        yield _code(policy.condition)
    if policy.schema is not None:
        also = "also " if policy.condition is not None else ""
        yield f"{about} the body {also}has to be as this JSON Schema says:"
        yield _code(policy.schema)


def _code(expression: Expression) -> str:
    """What is written there, indented by four as code is."""
    text = expression.range.text
    first, _, rest = text.partition("\n")
    margin = min((len(it) - len(it.lstrip()) for it in rest.splitlines() if it.strip()), default=0)
    lines = [first, *(it[margin:] for it in rest.splitlines())]
    return "\n".join(f"    {line}".rstrip() for line in lines)


def _param(param: Param, value: Value | None) -> str:
    """A parameter with its type, what it is for and what it is worth here."""
    about = f": {' '.join(param.description.split()).rstrip('.')}" if param.description else ""
    worth = f"; here {shown(value, LONGEST_VALUE)}" if value is not None else ""
    return f"- `{param.name}` ({param.type}){about}{worth}"


def _literal(message: Expression) -> str:
    """What a message says whatever the values are."""
    if isinstance(message, Template):
        parts = (it.value if isinstance(it, Text) else "…" for it in message.parts)
        return " ".join("".join(parts).split())
    return ""


def _lines(text: str) -> str:
    return "\n".join(map(visible, text.expandtabs(4).split("\n")))
