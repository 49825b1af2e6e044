"""What an expression may refer to: names → values, the files it may read, and how much it may compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packlint.document import Document
from packlint.evaluate.budget import LITTLE, STEPS, TEMPLATE_STEPS, Budget
from packlint.evaluate.giving_up import NO_NUMBER, TOO_DEEP, TOO_LARGE, TooLarge
from packlint.files import Files
from packlint.record import field, record, replace
from packlint.syntax import Expression, Literal
from packlint.value import BOOL, NULL, NUMBER, STRING, Failure, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal as OneOf

_SHORT = 64
"""Characters of a text that costs no more than its node."""

_SMALL = 1 << 64
"""A whole number below it is certainly the float of 512 bits that it stands for."""


@record
class Component:
    """Whose arguments are evaluated; `name` is the source's, None for what runs for several sources."""

    kind: OneOf["builder", "provisioner", "post-processor", "data-source"]
    type: str
    name: str | None = None


@record
class Scope:
    """What an expression sees.

    `values` has the root names (`var`, `local`, `path`, …). `files` and `directory` are for functions that
    take a path: relative ones start from `directory`, as `Files` names it. `functions` tells which may be
    called: all that Packer has in general, none, or the named ones. `names` are those of `values` that a
    `for` binds. `budget` is that of one expression, which has at `most` so many steps, `total` that of all
    expressions of a template.
    `environment` is what `env` sees; None where nobody may see it. `component` is what renders the strings of
    the arguments, None where nothing does; `legacy` tells that they are those of a legacy template.
    `failures` are those of all that one expression computes, also of what its value does not show.
    `parse_template` reads the text of a file as a template, None where none is rendered.
    """

    values: Mapping[str, Value]
    files: Files | None = None
    directory: str = "."
    functions: bool | frozenset[str] = True
    names: frozenset[str] = frozenset()
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)
    total: Budget = field(default_factory=lambda: Budget(TEMPLATE_STEPS), compare=False, repr=False)
    most: int = STEPS
    environment: Mapping[str, str] | None = None
    component: Component | None = None
    legacy: bool = False
    failures: list[Failure] = field(default_factory=list, compare=False, repr=False)
    parse_template: Callable[[Document], Expression | None] | None = None

    def bound(self, names: Mapping[str, Value]) -> Scope:
        """The scope inside something that binds further names."""
        return replace(self, values={**self.values, **names}, names=self.names | names.keys())

    def having(self, roots: Mapping[str, Value]) -> Scope:
        """The scope with other values for root names, as `source` has within each source."""
        return self._copy({**self.values, **roots}, self.component, self.budget, self.failures)

    def within(self, component: Component, roots: Mapping[str, Value] | None = None) -> Scope:
        """The scope of the arguments of a component, with other values for some root names."""
        values = {**self.values, **roots} if roots else self.values
        return self._copy(values, component, self.budget, self.failures)

    def calling(self, functions: bool | frozenset[str]) -> Scope:
        """The scope in which these functions may be called."""
        return replace(self, functions=functions)

    def seeing(self, environment: Mapping[str, str] | None) -> Scope:
        """The scope in which `env` sees this."""
        return replace(self, environment=environment)

    def _copy(
        self,
        values: Mapping[str, Value],
        component: Component | None,
        budget: Budget,
        failures: list[Failure],
    ) -> Scope:
        # `replace` takes three times as long, and this is done for every expression.
        return Scope(
            values,
            self.files,
            self.directory,
            self.functions,
            self.names,
            budget,
            self.total,
            self.most,
            self.environment,
            component,
            self.legacy,
            failures,
            self.parse_template,
        )

    def literal(self, text: str) -> Value | None:
        """The value of a plain text, without a budget of its own; None for one that takes more."""
        if not text.isascii() or len(text) > _SHORT:
            return None
        return Known(text, STRING) if self._takes(2) else None

    def plain(self, literal: Literal) -> Value | None:
        """The value of a short whole number, `true`, `false` or `null`, in the same way."""
        data = literal.value
        small = data is None or (isinstance(data, int) and abs(data) < _SMALL)
        if not small or not self._takes(2 + literal.range.end - literal.range.start):
            return None
        return NULL if data is None else Known(data, BOOL if isinstance(data, bool) else NUMBER)

    def _takes(self, steps: int) -> bool:
        """Takes so many steps from what is left of the template's, where that is not nearly spent."""
        enough = self.total.left >= LITTLE
        if enough:
            self.total.left -= steps
        return enough

    def bounded(self, compute: Callable[[Scope], Value]) -> Value:
        """What `compute` gives in this scope with a budget of its own; Unknown where that is not enough."""
        given = min(self.most, max(self.total.left, LITTLE))
        budget = Budget(given)
        scope = self._copy(self.values, self.component, budget, [])
        try:
            value = compute(scope)
            budget.weigh(value)
        except (TooLarge, MemoryError):
            value = Unknown(TOO_LARGE)
        except RecursionError:
            value = Unknown(TOO_DEEP)
        except (ArithmeticError, ValueError):  # numbers and texts which Python's own types refuse
            value = Unknown(NO_NUMBER)
        self.total.left -= given - max(budget.left, 0)
        return value
