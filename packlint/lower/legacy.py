"""A legacy JSON template → the configuration that its twin in HCL gives, and what Packer refuses about it.

(reference: hashicorp/packer-plugin-sdk, template/parse.go and template.go; hashicorp/packer,
command/hcl2_upgrade.go)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.diagnostic import Diagnostic, Related
from packlint.document import Range
from packlint.lower.component import PENDING
from packlint.lower.decode import Decoder, beginning, entries, field, kind, shown
from packlint.lower.interpolation import interpolated
from packlint.lower.legacy_component import argument_of, component_arguments
from packlint.lower.legacy_root import Root
from packlint.lower.legacy_steps import Builders, Steps
from packlint.lower.legacy_strings import check_strings
from packlint.model import Argument, Arguments, Build, Configuration, Source, SourceUse, Template, Variable
from packlint.record import replace
from packlint.syntax import (
    Expression,
    File,
    Literal,
    Object,
    ObjectItem,
    TemplateWrap,
    Text,
    Traversal,
    is_null,
    mentioned,
)
from packlint.syntax import Template as StringTemplate

_WORD = "[0-9A-Za-z~-]"
_VERSION = re.compile(
    rf"v?[0-9]+(\.[0-9]+)*((-[0-9]|-?[A-Za-z~-]){_WORD}*(\.{_WORD}+)*)?(\+{_WORD}+(\.{_WORD}+)*)?\??"
)
"""What is a version (hashicorp/go-version, `VersionRegexpRaw`)."""


def lower_legacy(template: Template, file: File) -> tuple[Configuration, tuple[Diagnostic, ...]]:
    """The configuration of a legacy template, not yet evaluated."""
    decoder = Decoder(file.whole)
    lowered = interpolated(file)
    root = Root(lowered)
    root.check(decoder)
    found = _Lowering(lowered, root, decoder).configuration(template)
    check_strings(Root(file), decoder)
    return found, tuple(decoder.diagnostics)


class _Lowering:
    """Lowers one file."""

    def __init__(self, file: File, root: Root, decoder: Decoder) -> None:
        self.file = file
        self.root = root
        self.decoder = decoder

    def configuration(self, template: Template) -> Configuration:
        """Everything in the file under Packer's names."""
        wrong = len(self.decoder.diagnostics)
        sources = tuple(self._sources())
        all_known = self.file.whole and bool(sources) and len(self.decoder.diagnostics) == wrong
        steps = Steps(self.decoder, Builders({source.name: source for source in sources}, all_known))
        found = Configuration(
            template=template,
            syntax=(self.file,),
            required_version=tuple(self._required_version()),
            variables=tuple(self._variables()),
            sources=sources,
            builds=tuple(self._builds(sources, steps)),
        )
        complete = self.file.complete and not template.unread and not self.decoder.diagnostics
        return replace(found, complete=complete)

    def _required_version(self) -> Iterator[Argument]:
        value = self.root.value("min_packer_version")
        if value is None:
            return
        attribute = self.root.keys["min_packer_version"]
        text = self.decoder.text(value, "`min_packer_version`")
        if text and _VERSION.fullmatch(text):
            constraint = StringTemplate(value.range, (Text(value.range, f">= {text}"),))
            yield Argument("required_version", constraint, PENDING, attribute.range, attribute.name_range)
        elif text:
            hint = 'write the lowest version alone, such as `"1.7.0"`'
            self.decoder.refuse(value.range, "`min_packer_version` is not a version", hint)

    def _variables(self) -> Iterator[Variable]:
        """Those that are declared, and those that are only used, whose values variable files have."""
        value = self.root.value("variables")
        declared = self.decoder.object(value, "`variables`") if value is not None else None
        sensitive = self._sensitive()
        names = set()
        for name, item in entries(declared) if declared else ():
            names.add(name)
            default = None
            if isinstance(item.value, StringTemplate | TemplateWrap):
                default = argument_of(item, "default")
            elif not is_null(item.value):
                message = f"the default of variable `{shown(name)}` must be a string, not {kind(item.value)}"
                hint = "put it into quotes" if isinstance(item.value, Literal) else None
                self.decoder.refuse(beginning(item.value), message, hint)
            yield _variable(name, item.key.range, _range(item), default, name in sensitive)
        for traversal in mentioned(self.file, "var"):
            name = str(traversal.steps[0].key)
            if name and name not in names:
                names.add(name)
                yield _variable(name, traversal.steps[0].range, traversal.range, None, name in sensitive)

    def _sensitive(self) -> frozenset[str]:
        value = self.root.value("sensitive-variables")
        names = self.decoder.names(value, "`sensitive-variables`", weak=False) if value is not None else ()
        return frozenset(name for name, _ in names or ())

    def _sources(self) -> Iterator[Source]:
        value = self.root.value("builders")
        items = self.decoder.array(value, "`builders`", " of objects") if value is not None else ()
        if not items and self.file.whole and not self.decoder.diagnostics:
            self.decoder.refuse(self.root.place("builders"), "a legacy template needs at least one builder")
        taken: dict[str, tuple[int, Range]] = {}
        for number, item in enumerate(items, start=1):
            found = self._source(item, f"builder {number}")
            if found is None:
                continue
            source, place = found
            if source.name in taken:
                other, first = taken[source.name]
                self.decoder.refuse(
                    place,
                    f'builder {number} has the name "{shown(source.name)}" of builder {other}',
                    "give one of them another `name`; without one it is the `type`",
                    (Related(first, "the first of that name"),),
                )
                continue
            taken[source.name] = number, place
            yield source

    def _source(self, item: Expression, what: str) -> tuple[Source, Range] | None:
        """A builder, and the place of its name."""
        if not isinstance(item, Object):
            self.decoder.refuse(beginning(item), f"{what} must be an object, not {kind(item)}")
            return None
        type_ = self.decoder.type_of(item, what, weak=True)
        name = field(item.items, "name")
        name_text = self.decoder.text(name.value, f"`name` of {what}", weak=True) if name else ""
        if type_ is None or name_text is None:
            return None
        text, place = type_
        arguments = component_arguments("builder", text, item, ("type", "name"))
        source = Source(text, name_text or text, arguments, item.range, _range(place))
        return source, name.value.range if name and name_text else place.value.range

    def _builds(self, sources: tuple[Source, ...], steps: Steps) -> Iterator[Build]:
        """The one build that there is; the steps are read in any case, for what is wrong with them."""
        provisioners = self.root.value("provisioners")
        cleanup = self.root.value("error-cleanup-provisioner")
        chains = self.root.value("post-processors")
        build = Build(
            name=None,
            sources=None,
            uses=tuple(_use(source) for source in sources),
            open=False,
            provisioners=tuple(steps.provisioners(provisioners)) if provisioners else (),
            error_cleanup=tuple(steps.error_cleanup(cleanup)) if cleanup else (),
            chains=tuple(steps.chains(chains)) if chains else (),
            open_steps=self._is_part(),
            range=self.file.body.range,
            header_range=self.root.place("builders"),
        )
        if sources:
            yield build

    def _is_part(self) -> bool:
        """Whether there are only builders, which speak of variables that there are not.

        Such a file is put together with others, as `jq` does it, before Packer sees it.
        """
        alone = self.root.keys.keys() - {"min_packer_version", "description", "comments"} == {"builders"}
        return alone and bool(mentioned(self.file, "var"))


def _range(item: ObjectItem) -> Range:
    return item.key.range.to(item.value.range)


def _variable(name: str, key: Range, place: Range, default: Argument | None, sensitive: bool) -> Variable:
    """A variable, which is always a string."""
    return Variable(name, key, place, Traversal(key, "string", key, ()), default, sensitive, PENDING)


def _use(source: Source) -> SourceUse:
    """A builder in the build, which is resolved already: its name may have dots."""
    nothing = Arguments({})
    return SourceUse(
        reference=source.key,
        type=source.type,
        name=source.name,
        local_name=source.name,
        source=source,
        arguments=source.arguments,
        own=nothing,
        range=source.header_range,
        written=source.name,
    )
