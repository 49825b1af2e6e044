"""An action of a legacy template with a user variable in it → its text.

(hashicorp/packer, packer/core.go, `renderVarsRecursively`; hashicorp/packer-plugin-sdk, template/interpolate)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packlint.evaluate.rendering import located
from packlint.evaluate.scope import Scope
from packlint.gotemplate.execute import Context, Later, render
from packlint.gotemplate.sdk import NAMES, VARIABLES_ONLY
from packlint.gotemplate.tree import Node, Refused, Unsure, parse
from packlint.gotemplate.worth import failing
from packlint.syntax import Action, Call, Expression, Template, Text
from packlint.value import STRING, Failure, Known, Unknown, Value

Evaluate = Callable[[Expression, Scope], Value]


def rendered(action: Action, scope: Scope, evaluate: Evaluate) -> Value:
    """What an action gives with the values that user variables have in the scope."""
    shown = action.range.text
    scope.budget.read(len(shown))
    values = {str(r.steps[0].key): evaluate(r, scope) for r in action.references if r.steps}
    sensitive = any(value.sensitive for value in values.values())
    default_of = next((value.default_of for value in values.values() if value.default_of), None)
    unknown = Unknown(f"depends on `{shown}`", STRING, sensitive)
    if action.text is None:
        return unknown
    scope.budget.render(len(action.text))
    nodes: tuple[Node, ...] = ()
    try:
        nodes = parse(action.text, NAMES)
        found = render(action.text, nodes, _context(action, values, scope, evaluate), scope.budget.read)
    except Unsure:
        return unknown
    except Refused as refused:
        place = located(action, action.text, refused.start, refused.end)
        # Whatever the variables are worth, Go does not parse it.
        default_of = default_of if nodes else None
        return Failure(refused.reason, STRING, sensitive, default_of, place, "template")
    return unknown if isinstance(found, Later) else Known(found, STRING, sensitive, default_of)


def _context(action: Action, values: Mapping[str, Value], scope: Scope, evaluate: Evaluate) -> Context:
    def text_of(value: Value | None) -> str | Later:
        text = value.known(str) if value is not None else None
        return Later("") if text is None else text

    def env(name: str) -> str | Later:
        place = action.range
        call = Call(place, "env", place, (Template(place, (Text(place, name),)),), expands=False)
        return text_of(evaluate(call, scope))

    found: dict[str, Callable[..., str | Later]] = {"user": lambda name: text_of(values.get(name))}
    if action.whole:
        found["env"] = env
        for name in ("build", "build_name", "build_type"):
            found[name] = failing(f"`{name}` is known only to components, not in `variables`")
    else:
        for name in VARIABLES_ONLY:
            found[name] = failing(f"`{name}` can be called only in the `variables` of a template")
    return found
