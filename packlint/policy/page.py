"""A policy → its page, its summary and its examples, as of any rule; nothing in them steers a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.evaluate.scope import Scope
from packlint.policy.message import shown
from packlint.policy.policy import Param, Policy, PolicyFile
from packlint.rule import Bad, Example, Good
from packlint.syntax import Expression, Template, Text, Traversal, traversals
from packlint.value import Known
from packlint.visible import visible

LONGEST_VALUE = 200

_TARGETS = {"post_processor": "post-processor", "data": "data source", "required_plugin": "required plugin"}


def summary(policy: Policy) -> str:
    """The first line of the description, else what is literal in the error message."""
    first = policy.description.strip().partition("\n")[0].strip()
    return visible((first or _literal(policy.error_message)).rstrip(".")) or policy.name


def page(policy: Policy, sheet: PolicyFile, scope: Scope) -> str:
    """The description, what the policy is about and what it demands; `scope` has its parameters."""
    parts = [policy.description.strip() or f"{summary(policy)}.", *_demands(policy)]
    if used := [*_params(policy, sheet)]:
        parts += [f"Parameters of `{sheet.name}`:", "\n".join(_param(it, scope) for it in used)]
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
    noun = _TARGETS.get(policy.target, policy.target)
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


def _params(policy: Policy, sheet: PolicyFile) -> Iterator[Param]:
    """The parameters that a policy asks for, itself or by way of locals, in their order."""
    waiting = [policy.when, policy.condition, policy.schema, policy.error_message]
    params: set[str] = set()
    seen: set[str] = set()
    while waiting:
        expression = waiting.pop()
        for it in traversals(expression) if expression is not None else ():
            name = _name(it)
            if it.root == "param":
                params |= {name} if name else sheet.params.keys()
            elif it.root == "local":
                for local in ({name} if name else sheet.locals.keys()) - seen:
                    seen.add(local)
                    waiting += [sheet.locals[local].expression] if local in sheet.locals else []
    yield from (it for it in sheet.params.values() if it.name in params)


def _name(traversal: Traversal) -> str:
    return str(traversal.steps[0].key) if traversal.steps else ""


def _param(param: Param, scope: Scope) -> str:
    """A parameter with its type, what it is for and what it is worth here."""
    params = scope.values["param"].entries or {}
    value = params.get(param.name)
    about = f": {' '.join(param.description.split()).rstrip('.')}" if param.description else ""
    worth = f"; here {shown(value, LONGEST_VALUE)}" if isinstance(value, Known) else ""
    return f"- `{param.name}` ({param.type}){about}{worth}"


def _literal(message: Expression) -> str:
    """What a message says whatever the values are."""
    if isinstance(message, Template):
        parts = (it.value if isinstance(it, Text) else "…" for it in message.parts)
        return " ".join("".join(parts).split())
    return ""


def _lines(text: str) -> str:
    return "\n".join(map(visible, text.expandtabs(4).split("\n")))
