"""A template → the blocks that policies are about, each with the values that `self` stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from packlint.components import Component
from packlint.document import Range
from packlint.model import Arguments, Configuration
from packlint.policy.policy import Target
from packlint.syntax import Traversal
from packlint.value import STRING, Known, Value


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A block that a policy may be about.

    `name` is what messages call it: "source `qemu.web`". `value` is what `self` stands for. `header` is the
    place of the block, and `arguments` what leads to the places in it; None for what has none.
    """

    name: str
    value: Known
    header: Range
    arguments: Arguments | None = None
    component: Component | None = None

    def place(self, at: Traversal) -> Range:
        """Where the part of the block that `self.…` names is written; the header where it is not."""
        argument = self.arguments.get(str(at.steps[0].key)) if self.arguments else None
        return argument.expression.range if argument else self.header


def subjects(
    target: Target,
    mentions: AbstractSet[str],
    configuration: Configuration,
    components: Sequence[Component],
) -> Iterator[Subject]:
    """The blocks of a template that a policy of this target looks at.

    `mentions` are the names that it asks of `self`, so that what the block leaves out has its default.
    """
    if target == "source":
        for component in components:
            if component.kind == "builder":
                values: dict[str, Value] = {it.name: it.worth for it in component.arguments}
                values["type"] = Known(component.type, STRING)
                yield Subject(
                    f"source `{component.type}`",
                    Known(values),
                    component.header_range,
                    component.arguments,
                    component,
                )
