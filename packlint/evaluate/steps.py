"""The steps of a build → the same steps with their values, for all of its sources and for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packlint.evaluate import context
from packlint.evaluate.budget import STEPS_EACH, size_of
from packlint.evaluate.component import evaluated
from packlint.evaluate.made import Made, S
from packlint.evaluate.scope import Component, Scope
from packlint.model import Arguments, NameLists, PostProcessor, SourceUse, Step
from packlint.record import replace
from packlint.value import STRING, Known, Value


class StepEvaluation:
    """Evaluates the steps of one build, whose name and sources are known as far as they will be."""

    def __init__(self, scope: Scope, name: Value, uses: Sequence[SourceUse], lists: NameLists) -> None:
        self.name = name
        self.around = scope
        self.by_key = {use.key: use for use in uses}
        self.lists = lists
        self.scope = scope.having({"build": context.build(name)})
        self.meta = scope.having({"build": context.build_name(name)})

    def evaluated(self, made: Made[S]) -> S:
        """A step with its values; where its arguments speak of the source, also for each source."""
        step, text = made.block, made.block.range.text
        scope = self.scope.within(_component(step))
        mentioned = tuple(context.mentioned(step.arguments, text))
        if any(traversal.root == "build" for traversal in mentioned):
            scope = scope.having({"build": context.build(self.name, mentioned)})
        of_source = "build_name" in text or any(traversal.root == "source" for traversal in mentioned)
        return replace(
            step,
            arguments=self._arguments(step.arguments, scope, made),
            meta=self._arguments(step.meta, self.meta, made),
            by_source=self._by_source(step, scope, made) if of_source else {},
            certain=made.certain,
            lists=self.lists,
        )

    def _by_source(self, step: Step, scope: Scope, made: Made[S]) -> Mapping[str, Arguments]:
        cost = len(self.by_key) * (1 + size_of(step.arguments)) * STEPS_EACH
        if cost > scope.total.left:
            return {}
        scope.total.left -= cost
        found = {}
        for key, use in self.by_key.items():
            roots = {"source": context.source(use.type, Known(use.local_name, STRING))}
            inner = scope.within(_component(step, use.name), roots)
            found[key] = self._arguments(step.arguments, inner, made)
        return found

    def _arguments(self, arguments: Arguments, scope: Scope, made: Made[S]) -> Arguments:
        around = self.around
        if made.names:
            scope, around = scope.bound(made.names), around.bound(made.names)
        found = evaluated(arguments, scope, around)
        if made.certain:
            return found
        from packlint.evaluate.dynamic import uncertain

        return uncertain(found)


def _component(step: Step, name: str | None = None) -> Component:
    """Whose arguments they are; `{{build_name}}` is the name of the source, not the local one."""
    return Component("post-processor" if isinstance(step, PostProcessor) else "provisioner", step.type, name)
