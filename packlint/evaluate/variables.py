"""Variable declarations and variable files → what each variable is worth in this run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from packlint.evaluate.constraints import with_defaults
from packlint.evaluate.convert import convert, type_of_expression
from packlint.evaluate.expression import computed
from packlint.evaluate.order import in_order
from packlint.evaluate.scope import Scope
from packlint.inputs import Inputs
from packlint.model import Configuration, Variable
from packlint.syntax import Expression
from packlint.value import Known, Unknown, Value

DEFAULT = frozenset({"env"})
"""The functions that the default of a variable may call; a variable file may call none."""


def variable_values(
    configuration: Configuration, scope: Scope, names: Mapping[str, Value], inputs: Inputs
) -> tuple[Variable, ...]:
    """The variables with their values: what a variable file of the directory says, else the default.

    Var files win over defaults, later ones over earlier ones (hcl2template/types.variables.go). A var file
    that cannot be read leaves every variable unknown, since it might set any of them. In a legacy template
    the default of a variable may speak of other ones and of what `names` has.
    """
    if any(file.legacy for file in configuration.syntax):
        return _legacy_values(configuration, scope.having(names))
    given: dict[str, Expression] = {
        attribute.name: attribute.expression
        for file in configuration.syntax
        if file.document.path in configuration.template.var_files
        for attribute in file.body.attributes
    }
    unread = next((name for name in configuration.template.unread if "pkrvars" in name), None)
    return tuple(
        replace(variable, value=_value(variable, given.get(variable.name), unread, scope))
        for variable in configuration.variables
    )


def _legacy_values(configuration: Configuration, scope: Scope) -> tuple[Variable, ...]:
    """Each after those that it depends on (hashicorp/packer, packer/core.go, `renderVarsRecursively`)."""
    by_name = {variable.name: variable for variable in configuration.variables}
    defaults = {name: v.default.expression if v.default else None for name, v in by_name.items()}
    values: dict[str, Value] = {}
    scope = scope.having({"var": Known(values)})
    for name, cyclic in in_order(defaults, "var"):
        variable = by_name[name]
        if cyclic:
            values[name] = Unknown(f"variable `{name}` depends on itself", sensitive=variable.sensitive)
        else:
            values[name] = _value(variable, None, None, scope)
    return tuple(replace(variable, value=values[variable.name]) for variable in configuration.variables)


def _value(variable: Variable, given: Expression | None, unread: str | None, scope: Scope) -> Value:
    value: Value
    if unread is not None:
        value = Unknown(f"`{unread}`, which is not read, may set `var.{variable.name}`")
    elif given is not None:
        literal = replace(scope, functions=False)
        value = literal.bounded(lambda inner: _converted(given, variable.constraint, inner))
    elif variable.default is not None:
        default = variable.default.expression
        allowed = replace(scope, functions=DEFAULT)
        value = allowed.bounded(lambda inner: _converted(default, variable.constraint, inner))
        value = value.marked(default_of=variable.name)
    else:
        value = Unknown(f"`var.{variable.name}` has no default")
    return value.marked(sensitive=variable.sensitive)


def _converted(expression: Expression, constraint: Expression | None, scope: Scope) -> Value:
    """The value as the variable's type has it; as it is where there is no type, or none that can be read."""
    value = computed(expression, scope)
    type_ = type_of_expression(constraint) if constraint else None
    if constraint is None or type_ is None:
        return value
    scope.budget.weigh_conversion(value, type_)
    literal = replace(scope, functions=False)
    completed = with_defaults(value, constraint, lambda default: computed(default, literal))
    return convert(completed, type_)
