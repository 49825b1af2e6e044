"""Strings that components render as templates of Go → those that they refuse."""

import re
from collections.abc import Container, Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.document import Range
from packlint.failures import failures
from packlint.gotemplate.sdk import NAMES, VARIABLES_ONLY
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.suggest import suggest
from packlint.value import Failure

_CALL = pattern(r"([a-z_]+)\s+[\"`]([\w.-]+)[\"`]")

_FOREIGN = "if another program is to fill this in, check the file that it writes; a field begins with a dot"

_AS_TEXT = "where two braces are meant as text, write ``{{`{{`}}``"


class InvalidTemplateAction(Rule):
    """Flags `{{…}}` in a component's strings that Packer cannot render.

    Every string that a source, a provisioner or a post-processor is configured with is a template of Go's
    text/template as well, in HCL and in legacy JSON: `{{ .Path }}` stands for what only the component knows.
    So whatever stands between two pairs of braces has to be such a template. A name that no function has, an
    `{{if}}` without its `{{end}}`, an argument too many: the component is not configured at all, and the
    build does not start. Text for another program that has braces of its own, as a format for `docker ps`, is
    no exception; write ``{{`{{`}}`` for two braces.

    Some functions of legacy templates are there in HCL, and always fail: in the place of ``{{user `x`}}``
    comes `${var.x}`, in that of ``{{env `X`}}`` the default `env("X")` of a variable, and in that of
    `{{template_dir}}` comes `${path.root}`.

    packlint looks at the components that are known to render all of their strings, and at defaults in legacy
    templates. A value that a variable has only by its default may be replaced for a build: such a finding is
    a warning. Names in a file with syntax errors are left alone: another program may have to fill it in.

    References:
    https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates/engine
    https://pkg.go.dev/text/template
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<failure>",)

    examples = (
        Bad(
            """
            variable "greeting" {
              default = "{{ upcase `hello` }}"
            }
            source "null" "web" {
              communicator = "none"
            }
            build {
              sources = ["null.web"]
              provisioner "shell-local" {
                inline = [
                  "echo {{ user `name` }}", # finding: `user` can be called only in legacy JSON templates
                  "docker ps --format '{{ json .Names }}'", # finding: there is no template function `json`
                  "echo {{ if true }}yes", # finding: `{{if}}` is not closed by `{{end}}`
                  var.greeting, # finding: with the default of `var.greeting`
                ]
              }
            }
            """
        ),
        Bad(
            {
                "web.json": """
                {
                  "variables": { "home": "{{ env `HOME` | lowr }}" },
                  "builders": [
                    { "type": "docker", "image": "debian:{{ env `TAG` }}", "commit": true }
                  ],
                  "provisioners": [
                    { "type": "shell", "inline": ["install {{ split `a-b` `-` 2 }}"] }
                  ]
                }
                """
            },
            finds={
                "web.json:2": "there is no template function `lowr`",
                "web.json:4": "`env` can be called only in the `variables` of a template",
                "web.json:7": "`split` gives 2 parts, and none is at 2",
            },
        ),
        Good(
            """
            variable "format" {
              default = "{{ .Names }}"
            }
            locals {
              not_rendered = "{{ anything }}"
            }
            source "null" "web" {
              communicator = "none"
            }
            build {
              sources = ["null.web"]
              provisioner "shell-local" {
                execute_command = ["sh", "-c", "{{ .Vars }} {{ .Script }}"]
                inline = [
                  "docker ps --format '${var.format}'",
                  "docker ps --format '{{`{{`}} json .Names }}'",
                  "echo {{ build_name | upper }} {{ if .Sudo }}sudo{{ end }} {{ isotime `2006` }}",
                ]
              }
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        broken = {file.document.path for file in configuration.syntax if not file.complete}
        defaults = {
            value.range
            for value in (variable.value for variable in configuration.variables)
            if isinstance(value, Failure)
        }
        legacy = configuration.legacy
        for failure in failures(configuration):
            if failure.fault == "template" and not _foreign(failure, broken):
                yield from _finding(failure, failure.range in defaults, legacy)


def _foreign(failure: Failure, broken: Container[str]) -> bool:
    """Whether another program seems to fill in the file: its syntax is wrong, and so are names."""
    unknown = "there is no template function" in failure.because
    return unknown and failure.range is not None and failure.range.document.path in broken


def _finding(failure: Failure, of_default: bool, legacy: bool) -> Iterator[Finding]:
    if failure.range is None:
        return
    message = "Packer cannot render this"
    if not failure.sensitive:
        message = f"{message}: {failure.because}"
        if of_default:
            message = f"{failure.because}, so that Packer cannot render the default"
        elif failure.default_of is not None:
            message += f", with the default of `var.{failure.default_of}`"
    softened = failure.default_of is not None
    yield Finding(failure.range, message, hint=_hint(failure, legacy), softened=softened)


def _hint(failure: Failure, legacy: bool) -> str | None:
    """What to do; the place tells of which function the failure speaks."""
    assert failure.range is not None
    written = failure.range.text
    name = next(iter(re.findall(r"`([a-z_]+)`", failure.because)), "")
    if "there is no template function" in failure.because:
        near = suggest(written, NAMES) if written.isidentifier() else None
        if near:
            return f"did you mean `{near}`?"
        return _FOREIGN if _stands_alone(failure.range) else _AS_TEXT
    if legacy:
        return _legacy_hint(name, failure.because)
    call = _CALL.match(written)
    argument = call[2] if call and call[1] == name else "…"
    if name in VARIABLES_ONLY and "can be called only" in failure.because:
        return f'give a variable the default `{name}("{argument}")` and write `${{var.…}}`'
    if name == "user":
        return f"write `${{var.{argument}}}`"
    return "write `${path.root}`" if name == "template_dir" else None


def _legacy_hint(name: str, because: str) -> str | None:
    """The same for a legacy template, which has these functions."""
    if name in VARIABLES_ONLY and "can be called only" in because:
        return f"give a variable the default ``{{{{{name} …}}}}`` and use it with ``{{{{user …}}}}``"
    if name == "user":
        return "name one variable: ``{{user `name`}}``"
    return "write `{{template_dir}}`" if name == "template_dir" else None


def _stands_alone(name: Range) -> bool:
    """Whether nothing but a name stands between the braces, as many other programs have it."""
    text = name.document.text
    before, after = text[max(name.start - 10, 0) : name.start], text[name.end : name.end + 60]
    return before.rstrip().endswith("{{") and re.match(r"[\w.]*\s*\}\}", after) is not None
