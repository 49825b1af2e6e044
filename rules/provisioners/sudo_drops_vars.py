"""Shell steps with variables → an `execute_command` whose `sudo` takes them away again."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.model import Argument, Build, Configuration, Provisioner
from packlint.pattern import pattern
from packlint.shell.command import Command
from packlint.shell.steps import StepScript
from packlint.spelling import spelled

_ACTION = pattern(r"\{\{[^{}]*\}\}")
_VARS = pattern(r"\{\{-?\s*\.Vars\s*-?\}\}")
_KEEPING = pattern(r"-[a-zA-Z]*E[a-zA-Z]*|--preserve-env(=.*)?")
_MARK = "V"


class SudoDropsVars(Rule):
    """Flags an `execute_command` in which `sudo` drops `environment_vars`.

    In `{{ .Vars }} sudo -S bash '{{ .Path }}'` the variables are given to `sudo`, which by its default
    (`env_reset`) starts the script with a clean environment: nothing of `environment_vars` arrives. Packer
    says nothing of it, and a script that needs `DEBIAN_FRONTEND=noninteractive` or a version number does
    something else than it was written for.

    Nothing is said where `sudo` has `-E` or `--preserve-env`, where the variables stand behind it, where
    `use_env_var_file` brings them, and where the step has none.

    Write `sudo -S env {{ .Vars }} bash '{{ .Path }}'`, which works whatever the rules of `sudo` say. The
    fix does so.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell#sudo-example
    """

    category = Category.PROVISIONERS
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.SAFE
    looks_for = ("execute_command",)

    examples = (
        Bad(
            """
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                environment_vars = ["VERSION=1.2"]
                execute_command  = "echo 'web' | {{ .Vars }} sudo -S bash '{{ .Path }}'" # finding: drops
                script           = "install.sh"
              }
            }
            """,
            fixed="""
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                environment_vars = ["VERSION=1.2"]
                execute_command  = "echo 'web' | sudo -S env {{ .Vars }} bash '{{ .Path }}'"
                script           = "install.sh"
              }
            }
            """,
        ),
        Good(
            """
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                environment_vars = ["VERSION=1.2"]
                execute_command  = "{{ .Vars }} sudo -E -S bash '{{ .Path }}'"
                script           = "install.sh"
              }
              provisioner "shell" {
                environment_vars = ["VERSION=1.2"]
                execute_command  = "sudo -S env {{ .Vars }} bash '{{ .Path }}'"
                script           = "install.sh"
              }
              provisioner "shell" {
                environment_vars = ["VERSION=1.2"]
                execute_command  = "sudo {{ .Vars }} bash '{{ .Path }}'"
                script           = "install.sh"
              }
              provisioner "shell" {
                execute_command = "{{ .Vars }} sudo -S bash '{{ .Path }}'"
                script          = "install.sh"
              }
              provisioner "shell" {
                environment_vars = ["VERSION=1.2"]
                execute_command  = "{{ .Vars }} bash '{{ .Path }}'"
                inline           = ["sudo apt-get update"]
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        given = next(
            filter(None, (provisioner.arguments.get(name) for name in ("environment_vars", "env"))), None
        )
        execute = provisioner.arguments.get("execute_command")
        if provisioner.type != "shell" or given is None or execute is None:
            return
        if given.value.items or given.value.entries:
            yield from _dropped(execute, given)


def _dropped(execute: Argument, given: Argument) -> Iterator[Finding]:
    """The variables stand before `sudo`; every action is read as a word of its own length."""
    spelling = spelled(execute.expression, execute.value, _MARK)
    if not spelling.whole or not _VARS.search(spelling.text):
        return
    text = _VARS.sub(lambda it: f"{_MARK}=".ljust(len(it[0]), "x"), spelling.text)
    text = _ACTION.sub(lambda it: "x" * len(it[0]), text)
    line = StepScript(text, execute, None, ((0, spelling),))
    for command in line.commands():
        words = command.outer
        mine = [name for name, _ in command.assignments]
        if not words or words[0].text != "sudo" or mine[:1] != [_MARK]:
            continue
        start = command.start
        if not _VARS.match(spelling.text, start):
            continue  # they stand behind `sudo`
        options = words[1 : len(words) - len(command.words)]
        if any(_KEEPING.fullmatch(word.text or "") for word in options):
            continue
        end = words[0].end
        yield Finding(
            line.range(start, end),
            "`sudo` drops the variables that are given to it here",
            related=(Related(given.name_range, "the variables"),),
            hint="write `sudo env {{ .Vars }} …`, with the options of `sudo` before `env`",
            fix=_fix(line, spelling.text, command),
        )


def _fix(line: StepScript, text: str, command: Command) -> Fix | None:
    """The variables behind `sudo` and its options; None where the text is not written as it is read."""
    found = _VARS.match(text, command.start)
    if found is None or "env" in command.wrappers:
        return None
    after = text[found.end() : command.outer[0].start]
    head = line.range(found.start(), command.outer[0].start)
    if head.text != found[0] + after or after.strip():
        return None
    behind = line.range(command.words[0].start, command.words[0].start)
    edits = (Edit(head, ""), Edit(behind, f"env {found[0]} "))
    return Fix("give the variables to `env`", edits)
