"""A call of a function → its value: families of functions, each loaded when one of it is first called."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import to_be_supplied
from packlint.evaluate.functions.function import Evaluate, Family, Function
from packlint.evaluate.giving_up import TOO_LARGE
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import article, type_of
from packlint.syntax import Call
from packlint.value import Failure, Unknown, Value

_FAMILIES = {
    "collections": """alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element
        flatten index length range reverse slice sort""",
    "crypto": "bcrypt md5 rsadecrypt sha1 sha256 sha512 uuidv4 uuidv5",
    "datetime": "formatdate rfc3339_parse timeadd unix_timestamp_parse",
    "encoding": """base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64
        textencodebase64 urlencode yamldecode yamlencode""",
    "filesystem": "abspath basename dirname file filebase64 fileexists fileset pathexpand",
    "formatting": "format formatlist",
    "maps": "keys lookup merge values zipmap",
    "network": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "numbers": "abs ceil floor log max min parseint pow signum sum",
    "outside": """aws_secretsmanager aws_secretsmanager_raw consul_key env legacy_isotime legacy_strftime
        timestamp vault""",
    "patterns": "regex regex_replace regexall",
    "sets": "setintersection setproduct setunion",
    "strings": """chomp endswith indent join lower replace split startswith strcontains strrev substr title
        trim trimprefix trimspace trimsuffix upper""",
    "templates": "templatefile",
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names.split()}

UNEVALUATED = frozenset({"can", "convert", "try"})
"""Functions that look at the expressions of their arguments."""

EXPANDED = frozenset({"any", "list", "set", "tuple"})
"""Kinds of values that `...` makes arguments of."""

NAMES = frozenset(_FAMILY_OF) | UNEVALUATED
"""Every function that Packer 1.16 has; `env` is one only in the default of a variable."""


@cache
def find(name: str) -> Function | None:
    """The function of that name, its family loaded."""
    if name not in _FAMILY_OF:
        return None
    family: Family = import_module(f"{__name__}.{_FAMILY_OF[name]}").FAMILY
    return family[name]


def called(expression: Call, scope: Scope, evaluate: Evaluate) -> Value:
    """The value of a call, by the functions that the scope allows."""
    name = expression.name
    if name not in NAMES:
        because = f"there is no function `{name}`"
        return Failure(because, range=expression.name_range, fault="function")
    allowed = scope.functions
    if not (name in allowed if isinstance(allowed, frozenset) else allowed and name != "env"):
        because = f"`{name}` cannot be called here"
        return Failure(because, range=expression.name_range, fault="function")
    if name in UNEVALUATED:
        logic = import_module(f"{__name__}.logic")
        value: Value = logic.called(expression, scope, evaluate)
        return value
    arguments = _arguments(expression, scope, evaluate)
    if isinstance(arguments, Unknown):
        return arguments
    places = [argument.range for argument in expression.arguments]
    function = find(name)
    assert function is not None
    return function.call(arguments, scope, places, evaluate)


def call(name: str, arguments: tuple[Value, ...], scope: Scope) -> Value:
    """The value of a function for these arguments; a failure where there is none."""
    function = find(name)
    if function is None:
        return Failure(f"there is no function `{name}`", fault="function")
    return function.call(arguments, scope)


def _arguments(expression: Call, scope: Scope, evaluate: Evaluate) -> tuple[Value, ...] | Unknown:
    values = [evaluate(argument, scope) for argument in expression.arguments]
    if not (expression.expands and values):
        return tuple(values)
    last = values.pop()
    if isinstance(last, Failure):
        return last
    place = expression.arguments[-1].range
    if last.type.kind not in EXPANDED:
        because = f"`...` cannot expand {article(type_of(last))}"
        return Failure(because, sensitive=last.sensitive, range=place)
    if isinstance(last, Unknown):
        return Unknown(last.because, sensitive=last.sensitive)
    if last.to_be_supplied:
        return to_be_supplied(last)
    if not isinstance(last.data, tuple):
        what = "null" if last.data is None else article(type_of(last))
        return Failure(f"`...` cannot expand {what}", sensitive=last.sensitive, range=place)
    if len(last.data) > LARGEST_COLLECTION:
        return Unknown(TOO_LARGE)
    marked = (item.marked(last.sensitive, last.default_of) for item in last.data)
    return (*values, *marked)


__all__ = ["NAMES", "call", "called", "find"]
