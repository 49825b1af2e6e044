"""An expression of a template → the data source that it names, and as much of its text as is known."""

from __future__ import annotations

import re

from packlint.model import Configuration, DataSource
from packlint.pattern import pattern
from packlint.syntax import Expression, Template, Text, Traversal, bare
from packlint.value import Value

UNKNOWN = "\0"
"""Stands in a name for a part that only a run knows."""

DEEPEST = 8
"""How many locals are followed from one to the next."""

_ACTION = pattern(r"\{\{.*?\}\}", re.DOTALL)
"""What Packer renders while it runs: `{{timestamp}}`."""


class Lookup:
    """What the names in a template stand for; the template is looked through when the first is asked for."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._values: dict[tuple[str, str], Value] | None = None
        self._locals: dict[str, Expression] = {}
        self._data: dict[str, DataSource] = {}

    def shape(self, expression: Expression) -> str:
        """The text of an expression with `UNKNOWN` for each part that is not known."""
        return self._shape(expression, DEEPEST)

    def data(self, expression: Expression) -> tuple[DataSource, str] | None:
        """The data source whose attribute an expression is nothing but a reference to, and its name."""
        for _ in range(DEEPEST):
            expression = bare(expression)
            if not isinstance(expression, Traversal):
                return None
            self._read()
            keys = [step.name for step in expression.steps]
            if expression.root == "local" and len(keys) == 1 and keys[0] in self._locals:
                expression = self._locals[keys[0]]
            elif expression.root == "data" and len(keys) == 3 and None not in keys:
                found = self._data.get(f"{keys[0]}.{keys[1]}")
                return None if found is None else (found, str(keys[2]))
            else:
                return None
        return None

    def _shape(self, expression: Expression, left: int) -> str:
        expression = bare(expression)
        if isinstance(expression, Text):
            return _ACTION.sub(UNKNOWN, expression.value)
        if isinstance(expression, Template):
            # An action may begin in one part and end in another.
            parts = (
                part.value if isinstance(part, Text) else self._shape(part, left) for part in expression.parts
            )
            return _ACTION.sub(UNKNOWN, "".join(parts))
        if isinstance(expression, Traversal) and len(expression.steps) == 1 and left:
            self._read()
            name = str(expression.steps[0].key)
            value = (self._values or {}).get((expression.root, name))
            if value is not None and value.text is not None and not value.to_be_supplied:
                return value.text
            if expression.root == "local" and name in self._locals:
                return self._shape(self._locals[name], left - 1)
        return UNKNOWN

    def _read(self) -> None:
        if self._values is not None:
            return
        it = self._configuration
        self._values = {("var", variable.name): variable.value for variable in it.variables}
        self._values |= {("local", local.name): local.value for local in it.locals}
        self._locals = {local.name: local.expression for local in it.locals if local.expression is not None}
        self._data = {data.key: data for data in it.data_sources}
