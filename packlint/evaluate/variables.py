"""Variable declarations and variable files → what each variable is worth in this run."""

from __future__ import annotations

from dataclasses import replace

from packlint.evaluate.constraints import with_defaults
from packlint.evaluate.convert import convert, type_of_expression
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.model import Configuration, Variable
from packlint.syntax import Expression
from packlint.value import Unknown, Value

DEFAULT = Scope({}, functions=frozenset({"env"}))
LITERAL = Scope({}, functions=False)


def variable_values(configuration: Configuration) -> tuple[Variable, ...]:
    """The variables with their values: what a variable file of the directory says, else the default.

    Var files win over defaults, later ones over earlier ones (hcl2template/types.variables.go). A var file
    that cannot be read leaves every variable unknown, since it might set any of them.
    """
    given: dict[str, Expression] = {
        attribute.name: attribute.expression
        for file in configuration.syntax
        if file.document.path in configuration.template.var_files
        for attribute in file.body.attributes
    }
    unread = next((name for name in configuration.template.unread if "pkrvars" in name), None)
    return tuple(
        replace(variable, value=_value(variable, given.get(variable.name), unread))
        for variable in configuration.variables
    )


def _value(variable: Variable, given: Expression | None, unread: str | None) -> Value:
    value: Value
    if unread is not None:
        value = Unknown(f"`{unread}`, which is not read, may set `var.{variable.name}`")
    elif given is not None:
        value = _converted(value_of(given, LITERAL), variable.constraint)
    elif variable.default is not None:
        value = _converted(value_of(variable.default.expression, DEFAULT), variable.constraint)
        value = value.marked(default_of=variable.name)
    else:
        value = Unknown(f"`var.{variable.name}` has no default")
    return value.marked(sensitive=variable.sensitive)


def _converted(value: Value, constraint: Expression | None) -> Value:
    """The value as the variable's type has it; as it is where there is no type, or none that can be read."""
    type_ = type_of_expression(constraint) if constraint else None
    if constraint is None or type_ is None:
        return value
    completed = with_defaults(value, constraint, lambda default: value_of(default, LITERAL))
    return convert(completed, type_)
