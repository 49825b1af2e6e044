"""The strings of components in HCL → functions of legacy templates in them that HCL has itself."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Preset, Rule, Severity
from packlint.components import Component
from packlint.document import Range
from packlint.gotemplate import lexer
from packlint.gotemplate.sdk import RENDERING
from packlint.model import Arguments, Configuration, Local
from packlint.named import NamedTuple
from packlint.pattern import pattern
from packlint.spelling import Spelling, spelled
from packlint.syntax import Conditional, Expression, Object, Parentheses, Template, Tuple
from packlint.value import Unknown

INSTEAD = {
    "build_name": "source.name",
    "build_type": "source.type",
    "isotime": "timestamp()",
    "lower": "lower(…)",
    "packer_version": "packer.version",
    "pwd": "path.cwd",
    "strftime": "formatdate(…, timestamp())",
    "timestamp": 'formatdate("YYYYMMDDhhmmss", timestamp())',
    "upper": "upper(…)",
    "uuid": "uuidv4()",
}
"""What HCL has for each function (command/hcl2_upgrade.go, but for `build_name` and `build_type`)."""

WITHOUT = frozenset({"clean_resource_name", "clean_image_name", "clean_ami_name", "split", "replace", "sed"})
"""Functions for which HCL has nothing that is the same: an action with one of them is left alone."""

_FREE = "…"
"""What is for the reader to fill in."""

_UNKNOWN = Unknown("it is looked at as it is written")
_ELSEWHERE = "${…}"
"""Stands for what a string takes from elsewhere."""

_GO = pattern(r"2006|01|02|15|04|05|[-_:./ ]+")
_DATE = {"2006": "YYYY", "01": "MM", "02": "DD", "15": "hh", "04": "mm", "05": "ss"}
"""What `formatdate` has for the parts of Go's reference time that are numbers."""


class Around(NamedTuple):
    """What a template has besides: a local that is the time, and sources that builds give other names.

    `source.name` is that other name, `{{build_name}}` is not.
    """

    time: str | None
    renames: bool


class LegacyTemplateFunctionInHcl(Rule):
    """Flags `{{timestamp}}` and its kin in HCL, which has functions itself.

    Most components render each of their strings a second time as a template of legacy JSON, so that
    `{{timestamp}}`, `{{isotime}}`, `{{uuid}}`, `{{build_name}}`, `{{build_type}}`, `{{packer_version}}`,
    `{{pwd}}`, `{{lower …}}` and `{{upper …}}` still work there. But HCL does not know what comes of them:
    a name made this way cannot be used in a local, a function or a second place with the same value, and no
    condition can look at it. A plugin that does not render the argument takes the braces as text.

    Write HCL's own: `${timestamp()}`, `${source.name}`, `${path.cwd}`. The seconds since 1970 of
    `{{timestamp}}` HCL does not have; the date by `formatdate` serves as well in a name. The fix writes what
    gives the same text, and is unsafe where another value of the same use takes its place.

    Placeholders such as `{{ .Vars }}` and ``{{ build `ID` }}`` belong to HCL as well. Nothing is said of
    `clean_resource_name`, for which HCL has nothing, nor of functions that fail in HCL, which
    `invalid-template-action` flags.

    References:
    https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates/engine
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/contextual-variables
    """

    category = Category.LEGACY
    severity = Severity.WARNING
    precision = Precision.HIGH
    preset = Preset.STRICT
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            locals {
              stamp = formatdate("YYYYMMDDhhmmss", timestamp())
            }
            source "amazon-ebs" "web" {
              ami_name        = "web-{{timestamp}}" # finding: `{{timestamp}}` is a function
              ami_description = "made on {{ isotime `2006-01-02` }}" # finding: is a function of legacy
              tags = {
                Made = "{{isotime}}" # finding: `{{isotime}}`
                Run  = "{{uuid}}" # finding: `{{uuid}}`
              }
            }
            build {
              sources = ["source.amazon-ebs.web"]
              provisioner "shell" {
                inline = [
                  "echo {{ build_type }} > /etc/image", # finding: `{{build_type}}`
                  <<-EOT
                    echo {{build_name | upper}} # finding: is a function of legacy templates
                  EOT
                ]
              }
            }
            """,
            fixed="""
            locals {
              stamp = formatdate("YYYYMMDDhhmmss", timestamp())
            }
            source "amazon-ebs" "web" {
              ami_name        = "web-${local.stamp}"
              ami_description = "made on ${formatdate("YYYY-MM-DD", timestamp())}"
              tags = {
                Made = "${timestamp()}"
                Run  = "${uuidv4()}"
              }
            }
            build {
              sources = ["source.amazon-ebs.web"]
              provisioner "shell" {
                inline = [
                  "echo ${source.type} > /etc/image",
                  <<-EOT
                    echo {{build_name | upper}}
                  EOT
                ]
              }
            }
            """,
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "source": { "amazon-ebs": { "web": {
                    "ami_name": "web-{{isotime `20060102`}}"
                  } } },
                  "build": { "sources": ["source.amazon-ebs.web"] }
                }
                """
            },
            finds={"web.pkr.json:3": "`{{isotime}}`"},
            fixed={
                "web.pkr.json": """
                {
                  "source": { "amazon-ebs": { "web": {
                    "ami_name": "web-${formatdate(\\"YYYYMMDD\\", timestamp())}"
                  } } },
                  "build": { "sources": ["source.amazon-ebs.web"] }
                }
                """
            },
        ),
        Good(
            {
                "web.pkr.hcl": """
                variable "name" {
                  default = "web"
                }
                locals {
                  not_rendered = "{{timestamp}}"
                }
                source "amazon-ebs" "web" {
                  ami_name = "${var.name}-${formatdate("YYYYMMDDhhmmss", timestamp())}"
                  run_tags = {
                    Name = "{{ clean_resource_name build_name }}"
                    Base = "{{ .SourceAMIName }}"
                  }
                }
                build {
                  sources = ["source.amazon-ebs.web"]
                  provisioner "shell" {
                    execute_command = "{{ .Vars }} sudo -E sh '{{ .Path }}'"
                    inline = [
                      "echo '{{ build `ID` }}'",
                      "docker ps --format '{{`{{`}}timestamp}}'",
                      "echo 'timestamp, isotime'",
                    ]
                  }
                }
                """,
                "old.json": """
                {
                  "builders": [{ "type": "amazon-ebs", "ami_name": "web-{{timestamp}}" }]
                }
                """,
            }
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        around: Around | None = None
        for component in components:
            known = component.bundled or component.plugin is not None
            if component.legacy or not known or component.kind == "data-source":
                continue
            renders = component.type in RENDERING.get(component.kind, ())
            for template in _templates(component.arguments):
                # What does not render the text may have it for another program.
                if "{{" in template.range.text and (renders or "\n" not in template.range.text):
                    around = around or _around(configuration)
                    yield from _findings(template, component, renders, around)


def _around(configuration: Configuration) -> Around:
    uses = [use for build in configuration.builds for use in build.uses]
    return Around(
        next((local.name for local in configuration.locals if _is_time(local)), None),
        any(build.open for build in configuration.builds) or any(u.local_name != u.name for u in uses),
    )


def _templates(arguments: Arguments) -> Iterator[Template]:
    """The strings that arguments are given as they are written, not through a function."""
    waiting: list[Expression | Arguments] = [arguments]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Arguments):
            waiting += [argument.expression for argument in current]
            waiting += [block.arguments for block in current.blocks]
        elif isinstance(current, Template):
            yield current
        elif isinstance(current, Tuple):
            waiting += current.items
        elif isinstance(current, Object):
            waiting += [item.value for item in current.items]
        elif isinstance(current, Conditional):
            waiting += [current.then, current.otherwise]
        elif isinstance(current, Parentheses):
            waiting.append(current.inner)


def _findings(template: Template, component: Component, renders: bool, around: Around) -> Iterator[Finding]:
    spelling = spelled(template, _UNKNOWN, _ELSEWHERE)
    for action in lexer.actions(spelling.text) or ():
        names = [word.value for word in action.words if word.kind == "name"]
        if not names or names[0] not in INSTEAD or not WITHOUT.isdisjoint(names):
            continue
        instead, exact = _instead(action, component, around)
        place = spelling.range(action.start, action.end)
        within = [word.value for word in action.words]
        yield Finding(
            place,
            f"`{{{{{names[0]}}}}}` is a function of legacy templates, of which HCL does not see the value",
            hint=f"use `{instead}` of HCL"
            if _FREE in instead or "|" in within
            else f"write `${{{instead}}}`",
            fix=_fix(spelling, action, place, instead, exact and renders),
        )


def _instead(action: lexer.Action, component: Component, around: Around) -> tuple[str, bool]:
    """What to write for an action, and whether that gives the same text."""
    first, *rest = action.words
    instead = INSTEAD.get(first.value, "")
    if first.value == "isotime" and rest:
        form = _date_format(rest[0].value) if len(rest) == 1 and rest[0].kind == "text" else None
        return f'formatdate("{form or "…"}", timestamp())', form is not None
    if rest:
        return f"{first.value}(…)" if first.value in ("lower", "upper") else instead, False
    if first.value == "timestamp":
        return f"local.{around.time}" if around.time else instead, False
    if first.value == "build_name":
        return instead, component.kind != "builder" and not around.renames
    return instead, first.value == "isotime" or (first.value == "build_type" and component.kind != "builder")


def _is_time(local: Local) -> bool:
    """Whether a local is nothing but the time in some form."""
    text = local.expression.range.text if local.expression is not None else ""
    form = r"timestamp\(\)|formatdate\(\"[YMDhms]+\",\s*timestamp\(\)\)"
    return re.fullmatch(rf'{form}|regex_replace\(timestamp\(\),\s*"\[- TZ:\]",\s*""\)', text) is not None


def _date_format(layout: str) -> str | None:
    """Go's layout of a time as `formatdate` has it; None where it has more than numbers and marks."""
    if not layout or _GO.sub("", layout):
        return None
    return _GO.sub(lambda match: _DATE.get(match[0], match[0]), layout)


def _fix(spelling: Spelling, action: lexer.Action, place: Range, instead: str, exact: bool) -> Fix | None:
    alone = len(action.words) == 1 or (len(action.words) == 2 and action.words[0].value == "isotime")
    written = spelling.text[action.start : action.end]
    of_source = action.words[0].value in ("build_name", "build_type") and not exact
    if not alone or _FREE in instead or _ELSEWHERE in written or of_source:
        return None
    if action.words[0].value == "packer_version" or action.trims_before or action.trims_after:
        return None
    text = f"${{{instead}}}"
    in_json = place.document.is_json
    edit = Edit(place, text.replace('"', '\\"') if in_json else text)
    return Fix(f"write `{text}`", (edit,), safe=exact)
