"""A call of a function → its value: families of functions, each loaded when one of it is first called."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import to_be_supplied
from packlint.evaluate.functions.function import Family, Function
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import article, type_of
from packlint.syntax import Call, Expression
from packlint.value import Failure, Unknown, Value

Evaluate = Callable[[Expression, Scope], Value]

_FAMILIES = {
    "collections": """alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element
        flatten index keys length lookup merge range reverse slice sort values zipmap""",
    "crypto": "bcrypt md5 rsadecrypt sha1 sha256 sha512 uuidv4 uuidv5",
    "datetime": "formatdate rfc3339_parse timeadd unix_timestamp_parse",
    "encoding": """base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64
        textencodebase64 urlencode yamldecode yamlencode""",
    "filesystem": "abspath basename dirname file filebase64 fileexists fileset pathexpand templatefile",
    "formatting": "format formatlist",
    "network": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "numbers": "abs ceil floor log max min parseint pow signum sum",
    "outside": """aws_secretsmanager aws_secretsmanager_raw consul_key env legacy_isotime legacy_strftime
        timestamp vault""",
    "patterns": "regex regex_replace regexall",
    "sets": "setintersection setproduct setunion",
    "strings": """chomp endswith indent join lower replace split startswith strcontains strrev substr title
        trim trimprefix trimspace trimsuffix upper""",
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names.split()}

UNEVALUATED = frozenset({"can", "convert", "try"})
"""Functions that look at the expressions of their arguments."""

NAMES = frozenset(_FAMILY_OF) | UNEVALUATED
"""Every function that Packer 1.16 has; `env` is one only in the default of a variable."""


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
        return Failure(f"there is no function `{name}`")
    allowed = scope.functions
    if not (name in allowed if isinstance(allowed, frozenset) else allowed and name != "env"):
        return Failure(f"`{name}` cannot be called here")
    if name in UNEVALUATED:
        logic = import_module(f"{__name__}.logic")
        value: Value = logic.called(expression, scope, evaluate)
        return value
    arguments = _arguments(expression, scope, evaluate)
    return arguments if isinstance(arguments, Unknown) else call(name, arguments, scope)


def call(name: str, arguments: tuple[Value, ...], scope: Scope) -> Value:
    """The value of a function for these arguments; a failure where there is no such function."""
    function = find(name)
    return function.call(arguments, scope) if function else Failure(f"there is no function `{name}`")


def _arguments(expression: Call, scope: Scope, evaluate: Evaluate) -> tuple[Value, ...] | Unknown:
    values = [evaluate(argument, scope) for argument in expression.arguments]
    if not (expression.expands and values):
        return tuple(values)
    last = values.pop()
    if isinstance(last, Unknown):
        return Unknown(last.because, sensitive=last.sensitive) if not isinstance(last, Failure) else last
    if last.to_be_supplied:
        return to_be_supplied(last)
    if not isinstance(last.data, tuple):
        what = "null" if last.data is None else article(type_of(last))
        return Failure(f"`...` cannot expand {what}", sensitive=last.sensitive)
    if len(last.data) > LARGEST_COLLECTION:
        return Unknown("too large to compute")
    marked = (item.marked(last.sensitive, last.default_of) for item in last.data)
    return (*values, *marked)


__all__ = ["NAMES", "call", "called", "find"]
