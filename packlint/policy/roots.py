"""An expression of a policy file → what it refers to; an error for a function or a name that is not there."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.errors import PolicyError
from packlint.evaluate.functions import NAMES
from packlint.policy.policy import PolicyFile
from packlint.policy.references import Reference, references
from packlint.policy.unknown_name import shortened, unknown_name
from packlint.suggest import suggest
from packlint.syntax import Call, Expression

BLOCK = ("self", "template", "param", "local")
"""What an expression about a block sees."""

FILE = ("param", "local")
"""What locals and schemas see, which are the same for every block."""

_CONVERTING = {
    **{f"to{it}": it for it in ("string", "number", "bool")},
    **{f"to{it}": f"{it}(any)" for it in ("list", "set", "map")},
}
"""What Terraform has a function for, by its name, and the type that Packer converts to."""


def referred(expression: Expression, roots: Sequence[str], sheet: PolicyFile) -> list[Reference]:
    """What an expression refers to, which may be one of these roots.

    Raises PolicyError for the first function, root, parameter or local that there is not.
    """
    found: list[Reference] = []
    for it in references(expression):
        if isinstance(it, Call):
            _refuse_call(it)
        else:
            _refuse_root(it, roots)
            _refuse_name(it, sheet, whole="self" in roots)
            found.append(it)
    return found


def _refuse_call(call: Call) -> None:
    if call.name == "env":
        hint = "a policy does not depend on the environment of whoever checks; add a `param`"
        raise PolicyError(f"`{call.name}` cannot be called in a policy", hint, call.name_range)
    if call.name not in NAMES:
        near = suggest(call.name, NAMES)
        hint = f"did you mean `{near}`?" if near else "a policy has the functions of Packer's templates"
        if call.name in _CONVERTING:
            hint = f"in Packer that is `convert(…, {_CONVERTING[call.name]})`"
        raise PolicyError(f"there is no function `{shortened(call.name)}`", hint, call.name_range)


def _refuse_root(reference: Reference, roots: Sequence[str]) -> None:
    root = reference.root
    if root in roots:
        return
    if root in BLOCK:
        message = f"there is no `{root}` here"
        hint = "this is worked out before any block is looked at: it may speak of `param` and `local`"
        raise PolicyError(message, hint, reference.range)
    if not reference.steps:
        near = suggest(root, roots)
        listed = f"did you mean `{near}`?" if near else f'a text stands in quotes: `"{shortened(root)}"`'
        raise PolicyError(f"there is no `{shortened(root)}` here", listed, reference.range)
    seen = "a policy sees " + ", ".join(f"`{it}`" for it in roots[:-1]) + f" and `{roots[-1]}`"
    if root == "var" and "self" in roots:
        seen += "; `template.variables` are those of a template"
    elif near := suggest(root, roots):
        seen = f"did you mean `{near}`? {seen}"
    raise PolicyError(f"there is no `{shortened(root)}` here", seen, reference.range)


def _refuse_name(reference: Reference, sheet: PolicyFile, whole: bool) -> None:
    known = {"param": sheet.params, "local": sheet.locals}.get(reference.root)
    if known is None:
        return
    if not reference.steps:
        if not whole and reference.root == "local":
            message, hint = "a local cannot speak of all locals", "name the one that is meant: `local.…`"
            raise PolicyError(message, hint, reference.range)
        return
    name = reference.steps[0].key
    if isinstance(name, str) and name not in known:
        what = {"param": "parameter", "local": "local"}[reference.root]
        raise unknown_name(what, name, known, reference.place, prefix=f"{reference.root}.")
