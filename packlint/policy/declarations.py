"""The variables and required plugins of a template → the blocks that policies of them look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from packlint import required
from packlint.document import Range
from packlint.model import Argument, Configuration, RequiredPlugin, Variable
from packlint.policy.discreet import discreet
from packlint.policy.subject import Subject
from packlint.syntax import Block, Expression, Template, is_null
from packlint.value import BOOL, NULL, NUMBER, STRING, Known, Unknown, Value
from packlint.version import LARGEST_SEGMENT, Constraints, Version

FAR = Version((LARGEST_SEGMENT, 0, 0), written=3)
"""A version that is newer than any."""

WRITTEN_OUT = "it is no plain text"


class Blocks:
    """The blocks of the files of a template, found by where they stand."""

    def __init__(self, configuration: Configuration) -> None:
        blocks = (block for file in configuration.syntax for block in file.body.blocks)
        self._at = {(it.range.document.path, it.range.start): it for it in blocks}

    def at(self, place: Range) -> Block | None:
        """The block at a place; None where what stands there is none, as in a legacy template."""
        return self._at.get((place.document.path, place.start))

    def text(self, place: Range, name: str) -> tuple[Value, Range | None]:
        """The text of an argument of the block at a place, and where it is; null where it is not given."""
        block = self.at(place)
        attribute = block.body.attribute(name) if block is not None else None
        if attribute is None:
            return NULL, None
        return text_of(attribute.expression), attribute.expression.range


def text_of(expression: Expression | None) -> Value:
    """The text that is written; null where there is none, unknown where it is not written out."""
    if expression is None or is_null(expression):
        return NULL
    text = expression.literal if isinstance(expression, Template) else None
    return Unknown(WRITTEN_OUT, STRING) if text is None else Known(text, STRING)


def variables(configuration: Configuration, blocks: Blocks) -> Iterator[Subject]:
    """The input variables, in the order of the files."""
    return (_variable(it, blocks) for it in configuration.variables)


def _variable(variable: Variable, blocks: Blocks) -> Subject:
    description, described = blocks.text(variable.range, "description")
    default, sensitive = variable.default, variable.sensitive
    value: dict[str, Value] = {
        "name": Known(variable.name, STRING),
        "type": NULL if variable.constraint is None else Known(_constraint(variable.constraint), STRING),
        "default": NULL if default is None else discreet(variable.name, default.value.marked(sensitive)),
        "value": discreet(variable.name, variable.value.marked(sensitive)),
        "sensitive": Known(sensitive, BOOL),
        "required": Known(default is None, BOOL),
        "description": description,
        "validations": Known(len(variable.validations), NUMBER),
    }
    written: dict[str, Range | Argument] = {"name": variable.name_range}
    block = blocks.at(variable.range)
    for name in ("type", "sensitive", "description"):
        attribute = block.body.attribute(name) if block is not None else None
        if attribute is not None:
            written[name] = attribute.expression.range
    if described is not None:
        written["description"] = described
    if default is not None:
        written["default"] = written["value"] = default
    if variable.validations:
        written["validations"] = variable.validations[0].header_range
    return Subject(f"variable `{variable.name}`", Known(value), variable.name_range, written=written)


def _constraint(constraint: Expression) -> str:
    literal = constraint.literal if isinstance(constraint, Template) else None
    return " ".join((constraint.range.text if literal is None else literal).split())


def required_plugins(configuration: Configuration) -> Iterator[Subject]:
    """The entries of `required_plugins`, in the order of the files."""
    return map(_required_plugin, configuration.required_plugins)


def _required_plugin(plugin: RequiredPlugin) -> Subject:
    source, version = required.written(plugin, "source"), required.written(plugin, "version")
    constraint = text_of(version)
    value: Mapping[str, Value] = {
        "name": Known(plugin.name, STRING),
        "source": text_of(source),
        "version": constraint,
        "pinned": _answer(constraint, _is_pinned),
        "bounded": _answer(constraint, _is_bounded),
    }
    written: dict[str, Range | Argument] = {"name": plugin.argument.name_range}
    for name, expression in (("source", source), ("version", version)):
        if expression is not None:
            written[name] = expression.range
    if version is not None:
        written["pinned"] = written["bounded"] = version.range
    header = plugin.argument.name_range
    return Subject(f"required plugin `{plugin.name}`", Known(value), header, written=written)


def _answer(version: Value, asked: Callable[[Constraints], bool]) -> Value:
    """What a constraint says; without one Packer takes any version (hcl2template, required_plugins)."""
    if isinstance(version, Unknown):
        return Unknown(version.because, BOOL)
    text = version.known(str)
    if text is None:
        return Known(False, BOOL)
    constraints = Constraints.parse(text)
    if constraints is None:
        return Unknown(f'"{text}" is no constraint of versions', BOOL)
    return Known(asked(constraints), BOOL)


def _is_pinned(constraints: Constraints) -> bool:
    """Whether they admit no more than one release."""
    if any(bound.operator == "=" for bound in constraints.bounds):
        return True
    lowest = constraints.lowest
    return lowest is not None and not constraints.reach_after(lowest).since


def _is_bounded(constraints: Constraints) -> bool:
    return not constraints.reach(FAR).since


def required_version(configuration: Configuration) -> Value:
    """The text of `required_version`, of several blocks all of them together; null where there is none."""
    found = [text_of(it.expression) for it in configuration.required_version]
    unknown = next((it for it in found if isinstance(it, Unknown)), None)
    if unknown is not None:
        return unknown
    texts = [text for it in found if (text := it.known(str)) is not None]
    return Known(", ".join(texts), STRING) if texts else NULL
