"""What an expression may refer to: names → values, the files it may read, and how much it may compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from packlint.evaluate.budget import LITTLE, STEPS, TEMPLATE_STEPS, Budget
from packlint.evaluate.failure import TooLarge
from packlint.files import Files
from packlint.value import Unknown, Value


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees.

    `values` has the root names (`var`, `local`, `path`, …). `files` and `directory` are for functions that
    take a path: relative ones start from `directory`, as `Files` names it. `functions` tells which may be
    called: all that Packer has in general, none, or the named ones. `names` are those of `values` that a
    `for` binds. `budget` is that of one expression, `total` that of all expressions of a template.
    """

    values: Mapping[str, Value]
    files: Files | None = None
    directory: str = "."
    functions: bool | frozenset[str] = True
    names: frozenset[str] = frozenset()
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)
    total: Budget = field(default_factory=lambda: Budget(TEMPLATE_STEPS), compare=False, repr=False)

    def bound(self, names: Mapping[str, Value]) -> Scope:
        """The scope inside something that binds further names."""
        return replace(self, values={**self.values, **names}, names=self.names | names.keys())

    def having(self, roots: Mapping[str, Value]) -> Scope:
        """The scope with other values for root names, as `source` has within each source."""
        return replace(self, values={**self.values, **roots})

    def bounded(self, compute: Callable[[Scope], Value]) -> Value:
        """What `compute` gives in this scope with a budget of its own; Unknown where that is not enough."""
        given = min(STEPS, max(self.total.left, LITTLE))
        budget = Budget(given)
        scope = Scope(
            self.values, self.files, self.directory, self.functions, self.names, budget, self.total
        )  # `replace` takes three times as long, and there are as many of these as there are expressions
        try:
            value = compute(scope)
            budget.weigh(value)
        except (TooLarge, MemoryError):
            value = Unknown("too large to compute")
        except RecursionError:
            value = Unknown("nested too deeply to compute")
        except (ArithmeticError, ValueError):  # numbers and texts which Python's own types refuse
            value = Unknown("cannot be computed")
        self.total.left -= given - max(budget.left, 0)
        return value
