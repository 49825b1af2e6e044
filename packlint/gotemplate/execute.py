"""The tree of a Go template → its text, as far as it can be known before the build runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from packlint.gotemplate.builtins import BUILTINS
from packlint.gotemplate.sdk import FUNCTIONS
from packlint.gotemplate.tree import (
    Constant,
    Control,
    Data,
    Function,
    Nil,
    Node,
    Operand,
    Pipeline,
    Refused,
    Variable,
)
from packlint.gotemplate.worth import Later, Plain, Worth, Wrong, at_run
from packlint.named import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Context: TypeAlias = Mapping[str, Callable[..., Worth]]
"""The functions of the SDK that depend on where a template stands: those that are not in it give `Later`.

Each takes the arguments of the call, already of the right number and types, and raises Wrong where the call
fails.
"""


_LAZY = {"and": False, "or": True}
"""Functions that an argument of this truth decides, whatever follows it."""


class _Stopped(Exception):  # noqa: N818
    """What follows depends on something that only a run decides."""

    def __init__(self, later: Later) -> None:
        super().__init__(later.because)
        self.later = later


class _Named(NamedTuple):
    """An argument with its place; `nil` is worth None."""

    worth: Worth | None
    start: int
    end: int


def render(
    text: str, nodes: Sequence[Node], context: Context, spend: Callable[[int], object] = bool
) -> str | Later:
    """The text that a template gives, or why it is known only later; raises Refused where it must fail.

    `spend` is told of the size of every text that is made, and may raise.
    """
    execution = _Execution(text, context, lambda piece: spend(len(piece)) if isinstance(piece, str) else None)
    try:
        execution.nodes(nodes)
    except _Stopped as stopped:
        return execution.later or stopped.later
    return execution.later or "".join(execution.pieces)


class _Execution:
    def __init__(self, text: str, context: Context, spend: Callable[[Worth], object]) -> None:
        self.text = text
        self.context = context
        self.spend = spend
        self.pieces: list[str] = []
        self.later: Later | None = None
        self.variables: dict[str, Worth] = {}

    def nodes(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self.pieces.append(node)
            elif isinstance(node, Control):
                self._control(node)
            else:
                self._action(node)

    def _action(self, pipeline: Pipeline) -> None:
        worth = self._pipeline(pipeline)
        if isinstance(worth, Later):
            self.later = self.later or worth
        if pipeline.variable:
            self.variables[pipeline.variable] = worth
        elif not isinstance(worth, Later):
            self.pieces.append(_printed(worth))

    def _control(self, control: Control) -> None:
        worth = self._pipeline(control.pipeline)
        if isinstance(worth, Later) or control.keyword == "range":
            raise _Stopped(worth if isinstance(worth, Later) else self._at_run(control.pipeline))
        if control.pipeline.variable:
            self.variables[control.pipeline.variable] = worth
        self.nodes(control.body if worth else control.otherwise)

    def _pipeline(self, pipeline: Pipeline) -> Worth:
        piped: _Named | None = None
        for command in pipeline.commands:
            worth = self._command(command, piped, pipeline)
            self.spend(worth)
            piped = _Named(worth, command[0].start, command[-1].end)
        assert piped is not None
        assert piped.worth is not None
        return piped.worth

    def _command(self, command: tuple[Operand, ...], piped: _Named | None, pipeline: Pipeline) -> Worth:
        first = command[0]
        if isinstance(first, Function):
            return self._call(first, command[1:], piped, pipeline)
        if isinstance(first, Nil):
            raise Refused(first.start, first.end, "`nil` alone gives nothing")
        callable_ = isinstance(first, Variable) or (isinstance(first, Data) and not first.dot)
        if (len(command) > 1 or piped) and not callable_:
            shown = self.text[first.start : first.end][:40]
            raise Refused(first.start, first.end, f"`{shown}` is not a function and takes no arguments")
        if len(command) > 1 or piped:
            return self._at_run(pipeline)
        worth = self._argument(first, pipeline).worth
        return self._at_run(pipeline) if worth is None else worth

    def _argument(self, operand: Operand, pipeline: Pipeline) -> _Named:
        """The worth of an operand, None for `nil`."""
        worth: Worth | None
        if isinstance(operand, Constant):
            worth = self._at_run(pipeline) if operand.value is None else operand.value
        elif isinstance(operand, Nil):
            worth = None
        elif isinstance(operand, Variable):
            worth = self.variables.get(operand.name, self._at_run(pipeline))
        elif isinstance(operand, Function):
            worth = self._call(operand, (), None, pipeline)
        elif isinstance(operand, Pipeline):
            worth = self._pipeline(operand)
        else:
            worth = self._at_run(pipeline)
        return _Named(worth, operand.start, operand.end)

    def _call(
        self, function: Function, operands: tuple[Operand, ...], piped: _Named | None, pipeline: Pipeline
    ) -> Worth:
        self._check_count(function, len(operands) + (piped is not None))
        arguments: list[_Named] = []
        values: list[Plain] = []
        later: Later | None = None
        for argument in chain(
            (self._argument(operand, pipeline) for operand in operands), [piped] if piped else ()
        ):
            arguments.append(argument)
            if argument.worth is None or isinstance(argument.worth, Later):
                later = later or argument.worth or self._at_run(pipeline)
            else:
                self.spend(argument.worth)
                values.append(argument.worth)
            if function.name in _LAZY and (later or bool(values[-1]) is _LAZY[function.name]):
                return later or values[-1]  # newer versions of Go do not look at the others
        self._check_types(function, arguments)
        body = self.context.get(function.name) or BUILTINS.get(function.name)
        if later or body is None:
            return later or self._at_run(pipeline)
        try:
            found = body(*values)
        except Wrong as wrong:
            raise Refused(
                function.start, max(function.end, *(a.end for a in arguments), 0), wrong.reason
            ) from None
        return found if found is not None else self._at_run(pipeline)

    def _check_count(self, function: Function, count: int) -> None:
        signature = FUNCTIONS.get(function.name)
        if signature is None:
            return
        wanted = len(signature.parameters)
        if count < wanted or (count > wanted and signature.rest is None):
            plural = "" if wanted == 1 else "s"
            reason = f"`{function.name}` takes {wanted or 'no'} argument{plural}, not {count}"
            raise Refused(function.start, function.end, reason)

    def _check_types(self, function: Function, arguments: Sequence[_Named]) -> None:
        signature = FUNCTIONS.get(function.name)
        if signature is None:
            return
        rest = [signature.rest] * (len(arguments) - len(signature.parameters))
        for argument, type_ in zip(arguments, [*signature.parameters, *rest], strict=True):
            fits = isinstance(argument.worth, Later) or type(argument.worth) is type_
            if not fits:
                name = "a whole number" if type_ is int else "a string"
                raise Refused(argument.start, argument.end, f"`{function.name}` takes {name} there")

    def _at_run(self, pipeline: Pipeline) -> Later:
        return at_run(self.text[pipeline.start : pipeline.end])


def _printed(worth: Plain) -> str:
    return str(worth).lower() if isinstance(worth, bool) else str(worth)


__all__ = ["Context", "Later", "Wrong", "render"]
