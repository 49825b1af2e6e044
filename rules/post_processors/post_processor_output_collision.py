"""Post-processors that write a file or a tag → sources for which it is the same one."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Related, Rule, Severity
from packlint.artifact import artifact_of, docker_tags
from packlint.document import Range
from packlint.effective import EffectiveStep, instances, names
from packlint.model import Argument, Arguments, Build, Configuration, SourceUse
from packlint.named import NamedTuple
from packlint.pattern import pattern
from packlint.syntax import Template
from packlint.value import Value

OUTPUT = {"compress": "output", "vagrant": "output", "docker-save": "path"}
"""Post-processors that write one file, and the argument that names it; without it the name is one's own.

Files of `checksum` and `manifest` are added to, not replaced.
"""

FIELDS = {
    "compress": frozenset({"BuildName", "BuilderType"}),
    "vagrant": frozenset({"BuildName", "Provider"}),
    "docker-save": frozenset[str](),
}
"""What of a source their templates may speak of: a name that any other field is in is not judged."""

_FIELD = pattern(r"\{\{-?\s*\.(\w+)\s*-?\}\}")


class PostProcessorOutputCollision(Rule):
    """Flags post-processors that write one file or tag for several sources.

    Packer runs a post-processor once for each source, and all of them at the same time. Where `output` is the
    same for two of them, the one that ends last replaces what the other has written, and two that write at
    once leave a broken file. Two images with one tag of `docker-tag` are one after the build: the other has
    lost its name. Packer says nothing, and lists both artifacts.

    Put what is different into the name: `{{.BuildName}}`, `{{.BuilderType}}` of `compress`, `{{.Provider}}`
    of `vagrant`, `${source.name}` everywhere; or keep the step to one source with `only`.

    Names that only a build knows are not judged, nor `checksum` and `manifest`, which add to their files.

    References:
    https://developer.hashicorp.com/packer/docs/post-processors/compress
    https://developer.hashicorp.com/packer/integrations/hashicorp/vagrant/latest/components/post-processor/vagrant
    https://developer.hashicorp.com/packer/integrations/hashicorp/docker/latest/components/post-processor/docker-tag
    """

    category = Category.POST_PROCESSORS
    severity = Severity.ERROR
    fixable = Fixable.UNSAFE
    looks_for = ("<post-processor>",)

    examples = (
        Bad(
            """
            source "qemu" "debian" {}
            source "qemu" "ubuntu" {}

            build {
              sources = ["source.qemu.debian", "source.qemu.ubuntu"]
              post-processor "vagrant" {
                output = "boxes/{{.Provider}}.box" # finding: the same for `qemu.debian` and `qemu.ubuntu`
              }
            }
            """,
            fixed="""
            source "qemu" "debian" {}
            source "qemu" "ubuntu" {}

            build {
              sources = ["source.qemu.debian", "source.qemu.ubuntu"]
              post-processor "vagrant" {
                output = "boxes/{{.BuildName}}-{{.Provider}}.box"
              }
            }
            """,
        ),
        Bad(
            """
            source "docker" "debian" {
              image  = "debian:12"
              commit = true
            }

            source "docker" "ubuntu" {
              image  = "ubuntu:24.04"
              commit = true
            }

            build {
              sources = ["source.docker.debian", "source.docker.ubuntu"]
              post-processor "docker-tag" {
                repository = "example/app"
                tags       = ["${source.name}", "latest"] # finding: the tag "example/app:latest" is the same
              }
            }
            """
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "qemu" }, { "type": "virtualbox-iso" }],
                  "post-processors": [
                    { "type": "compress", "output": "web.tar.gz" }
                  ]
                }
                """
            },
            finds={"web.json:4": '`output` "web.tar.gz" is the same for `qemu` and `virtualbox-iso`'},
        ),
        Good(
            """
            source "qemu" "web" {}
            source "virtualbox-iso" "web" {}

            build {
              sources = ["source.qemu.web", "source.virtualbox-iso.web"]
              post-processor "vagrant" {
                output = "{{.Provider}}.box"
              }
              post-processor "compress" {
                output = "web-${source.type}.tar.gz"
              }
              post-processor "compress" {
                only   = ["qemu.web"]
                output = "qemu.tar.gz"
              }
              post-processor "compress" {}
              post-processor "checksum" {
                output = "SHA256SUMS"
              }
              post-processor "manifest" {
                output = "manifest.json"
              }
            }
            """
        ),
        Good(
            """
            source "docker" "web" {
              image  = "debian:12"
              commit = true
            }

            build {
              source "docker.web" {
                name = "first"
              }
              source "docker.web" {
                name = "second"
              }
              post-processor "docker-tag" {
                only       = ["docker.first"]
                repository = "example/web"
              }
              post-processor "docker-tag" {
                repository = "example/web"
                tags       = ["${source.name}"]
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        written: dict[tuple[str, str], dict[int, _Output]] = {}
        for instance in instances(build):
            for effective in instance.post_processors:
                for output in _outputs(effective, instance.use) if effective.certain else ():
                    written.setdefault(output.key, {}).setdefault(id(output.use), output)
        told: set[int] = set()
        for outputs in written.values():
            *_, last = outputs.values()
            # Of several tags in one list the first one is told.
            if len(outputs) > 1 and id(last.argument.expression) not in told:
                told.add(id(last.argument.expression))
                yield _finding([*outputs.values()])


class _Output(NamedTuple):
    """What a step writes for a source: `name` is that of the file or the whole tag, as far as it is known.

    `argument` says so, at `range`. Equal keys are one thing in a run.
    """

    key: tuple[str, str]
    name: str
    step: EffectiveStep
    use: SourceUse
    argument: Argument
    range: Range


def _outputs(step: EffectiveStep, use: SourceUse) -> Iterator[_Output]:
    type_, arguments = step.step.type, step.arguments
    if type_ == "docker-tag":
        yield from _tags(step, use)
    elif type_ in OUTPUT and not (type_ == "vagrant" and _overrides(arguments)):
        argument = arguments.get(OUTPUT[type_])
        text = _text(argument.value) if argument else None
        name = _named(text, use, type_) if text else None
        if argument is not None and text and name is not None:
            yield _Output(("file", name), text, step, use, argument, argument.expression.range)


def _overrides(arguments: Arguments) -> bool:
    """Whether `override` may name another file for a provider."""
    return "override" in arguments or bool(arguments.blocks_of("override")) or arguments.open


def _text(value: Value) -> str | None:
    return None if value.sensitive else value.known(str)


def _named(text: str, use: SourceUse, type_: str) -> str | None:
    """The name with what the step puts into it for a source; None where that is not known.

    The provider is that of the builder's artifact, so that two artifacts of one kind have the same.
    """
    fields = {"BuildName": use.name, "BuilderType": use.type, "Provider": artifact_of(use)}
    used = {match[1] for match in _FIELD.finditer(text)}
    if not used <= FIELDS[type_] or any(fields[field] is None for field in used):
        return None
    rest = _FIELD.sub(lambda match: f"\0{fields[match[1]]}\0", text)
    return None if "{{" in rest else rest


def _tags(step: EffectiveStep, use: SourceUse) -> Iterator[_Output]:
    for argument, tag in docker_tags(step.arguments):
        yield _Output(("tag", tag), tag, step, use, argument, argument.expression.range)


def _finding(outputs: list[_Output]) -> Finding:
    first = outputs[-1]
    uses = tuple(output.use for output in outputs)
    is_tag = first.key[0] == "tag"
    others = {output.argument.range: output for output in outputs if output.argument is not first.argument}
    said = f'the tag "{first.name}"' if is_tag else f'`{first.argument.name}` "{first.name}"'
    return Finding(
        first.range,
        f"{said} is the same for {names(uses)}: the last one replaces what the others made",
        related=tuple(Related(place, "says the same") for place in others),
        hint=_hint(first),
        fix=_fix(outputs),
    )


def _hint(output: _Output) -> str:
    if output.use.written is not None:
        return "put `{{.BuildName}}` into it" if output.key[0] == "file" else "put `{{build_name}}` into it"
    return "put `${source.name}` or `${source.type}` into it, or keep the step to one source with `only`"


def _fix(outputs: list[_Output]) -> Fix | None:
    """What tells the sources apart, before the name of the file."""
    first = outputs[0]
    expression, type_ = first.argument.expression, first.step.step.type
    alone = all(output.argument.expression is expression for output in outputs)
    text = expression.range.text
    if (
        "\n" in text
        or not alone
        or not FIELDS.get(type_)
        or not isinstance(expression, Template)
        or expression.literal is None
    ):
        return None
    for prefix in _prefixes(type_):
        if len({_named(prefix, output.use, type_) for output in outputs}) == len(outputs):
            at = text.rfind("/", 0, -1) + 1 or 1
            place = Range(expression.range.document, expression.range.start + at, expression.range.start + at)
            return Fix(f"begin it with `{prefix}`", (Edit(place, prefix),), safe=False)
    return None


def _prefixes(type_: str) -> tuple[str, ...]:
    kind = "{{.Provider}}" if type_ == "vagrant" else "{{.BuilderType}}"
    return ("{{.BuildName}}-", f"{kind}-", f"{{{{.BuildName}}}}-{kind}-")
