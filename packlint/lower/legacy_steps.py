"""The provisioners and post-processors of a legacy template → steps whose `only` and `except` name keys.

Legacy templates know a builder by its name alone, HCL by `type.name`: the steps have the latter.
(reference: hashicorp/packer-plugin-sdk, template/parse.go and template.go)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.document import Range
from packlint.lower.decode import Decoder, beginning, entries, field, shown
from packlint.lower.legacy_component import argument_of, component_arguments
from packlint.model import Argument, Arguments, PostProcessor, Provisioner, Source, Step
from packlint.record import record
from packlint.suggest import Guesses
from packlint.syntax import Action, Expression, Object, Template, Text, Tuple, is_null

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias, TypeVar

    S = TypeVar("S", bound=Step)

PROVISIONER = ("only", "except", "override", "pause_before", "max_retries", "timeout")
POST_PROCESSOR = ("name", "only", "except", "keep_input_artifact")
"""What Packer itself reads of a step, beside its `type`."""

_KINDS: Mapping[type[Step], str] = {Provisioner: "provisioner", PostProcessor: "post-processor"}


Names: TypeAlias = tuple[tuple[str, Range], ...]
"""Names of builders with their places."""


@record
class Builders:
    """The builders of a template by their names; not `complete` where there may be others."""

    by_name: Mapping[str, Source]
    complete: bool


class Steps:
    """Lowers the steps of one template."""

    def __init__(self, decoder: Decoder, builders: Builders) -> None:
        self.decoder = decoder
        self.builders = builders
        self.by_key = {source.key: name for name, source in builders.by_name.items()}
        self.guesses = Guesses(builders.by_name)

    def provisioners(self, value: Expression) -> Iterator[Provisioner]:
        """Those of `provisioners`."""
        for number, item in enumerate(self.decoder.array(value, "`provisioners`", " of objects"), start=1):
            step = self._provisioner(item, f"provisioner {number}", cleanup=False)
            if step is not None:
                yield step

    def error_cleanup(self, value: Expression) -> Iterator[Provisioner]:
        """The one of `error-cleanup-provisioner`, which runs for every builder."""
        if not is_null(value):
            step = self._provisioner(value, "`error-cleanup-provisioner`", cleanup=True)
            if step is not None:
                yield step

    def chains(self, value: Expression) -> Iterator[tuple[PostProcessor, ...]]:
        """Those of `post-processors`: each entry is a chain, of one or, where it is an array, of several."""
        for number, item in enumerate(self.decoder.array(value, "`post-processors`"), start=1):
            if isinstance(item, Tuple):
                names = (f"post-processor {number}.{place}" for place in range(1, len(item.items) + 1))
                steps = [self._post_processor(*it, alone=False) for it in zip(item.items, names, strict=True)]
            else:
                steps = [self._post_processor(item, f"post-processor {number}", alone=True)]
            yield tuple(step for step in steps if step is not None)

    def _provisioner(self, value: Expression, what: str, cleanup: bool) -> Provisioner | None:
        if not isinstance(value, Object):
            self.decoder.refuse(beginning(value), f"{what} must be an object")
            return None
        return self._step(Provisioner, value, what, PROVISIONER, cleanup=cleanup)

    def _post_processor(self, value: Expression, what: str, alone: bool) -> PostProcessor | None:
        if isinstance(value, Template) and value.literal:
            place, nothing = value.range, Arguments({})
            return PostProcessor(value.literal, nothing, nothing, place, place, place)
        if isinstance(value, Tuple):
            self.decoder.refuse(
                beginning(value),
                f"{what} is an array within an array",
                "an array within `post-processors` is one chain; its elements are strings and objects",
            )
        elif isinstance(value, Object):
            return self._step(PostProcessor, value, what, POST_PROCESSOR)
        else:
            may_be = "a string, an object or an array of these" if alone else "a string or an object"
            empty = isinstance(value, Template)
            self.decoder.refuse(value.range, f"{what} {'has no `type`' if empty else f'must be {may_be}'}")
        return None

    def _step(
        self, made: type[S], value: Object, what: str, reads: tuple[str, ...], cleanup: bool = False
    ) -> S | None:
        """A step of an object; None without a type."""
        weak = made is Provisioner
        type_ = self.decoder.type_of(value, what, weak)
        meta = self._meta(value, reads, what, weak, cleanup)
        if type_ is None:
            return None
        name, place = type_
        return made(
            type=name,
            arguments=component_arguments(_KINDS[made], name, value, (*reads, "type")),
            meta=meta,
            range=value.range,
            header_range=place.key.range.to(place.value.range),
            type_range=place.value.range,
        )

    def _meta(self, value: Object, names: tuple[str, ...], what: str, weak: bool, cleanup: bool) -> Arguments:
        """What Packer itself reads of a step."""
        found: dict[str, Argument] = {}
        chosen: dict[str, Names] = {}
        for name in names:
            item = field(value.items, name)
            if item is None or is_null(item.value):
                continue
            said = f"`{name}` of {what}"
            if name not in ("only", "except"):
                found[name] = argument_of(item, name, self._read(name, item.value, said, cleanup))
                continue
            selected = self.decoder.names(item.value, said, weak)
            if not cleanup:  # it runs for every builder, whatever they say
                chosen[name] = selected or ()
                found[name] = argument_of(item, name, self._keys(item.value, selected))
        self._check_filters(chosen, found, what)
        return Arguments(found)

    def _keys(self, value: Expression, names: Names | None) -> Expression:
        """The keys of the builders of these names; a name that no builder has is left as it is."""
        if names is None:
            return Action(value.range, ())
        keys = [(self.builders.by_name[n].key if n in self.builders.by_name else n, at) for n, at in names]
        return Tuple(value.range, tuple(Template(at, (Text(at, key),)) for key, at in keys))

    def _check_filters(self, chosen: Mapping[str, Names], found: Mapping[str, Argument], what: str) -> None:
        if all(chosen.get(name) for name in ("only", "except")):
            place = found["except"].name_range
            self.decoder.refuse(place, f"{what} has both `only` and `except`", "keep one of the two")
            return
        for name, names in chosen.items():
            for builder, place in names:
                self._check_builder(builder, place, f"`{name}` of {what}")

    def _check_builder(self, name: str, place: Range, what: str) -> None:
        builders = self.builders.by_name
        if name in builders or not self.builders.complete:
            return
        near = self.by_key.get(name) or self.guesses.near(name)
        hint = f"did you mean `{near}`? " if near else ""
        hint += "a builder is known by its `name`, or by its `type` where it has none"
        self.decoder.refuse(place, f'{what} names "{shown(name)}", but no builder is called so', hint)

    def _read(self, name: str, value: Expression, what: str, cleanup: bool) -> Expression:
        """What else Packer reads, checked; the expression is not the value's own where that is not known."""
        if name == "override":
            return self._override(value, what, cleanup)
        if name in ("pause_before", "timeout"):
            self.decoder.duration(value, what)
        elif name == "max_retries":
            self.decoder.whole_number(value, what)
        elif name == "keep_input_artifact":
            self.decoder.flag(value, what)
        elif self.decoder.text(value, what) is None:
            return Action(value.range, ())
        return value

    def _override(self, value: Expression, what: str, cleanup: bool) -> Expression:
        objects = value.items if isinstance(value, Tuple) else (value,)
        for item in objects:
            if self.decoder.object(item, what) and isinstance(item, Object) and not cleanup:
                for name, entry in entries(item):
                    if isinstance(entry.key, Text):
                        self._check_builder(name, entry.key.range, what)
        return value if isinstance(value, Object) else Action(value.range, ())
