"""What components are given → arguments that do not go together."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.components import Component, Problem
from packlint.faults import (
    Given,
    defaults,
    given_by,
    is_set,
    name_range,
    of_kind,
    schema_at,
    value_of,
    whose,
)
from packlint.model import Configuration
from packlint.wording import condition_words, names_words, requirement_words

MOST = frozenset({"conflicts", "at_most_one_of", "exactly_one_of", "forbidden_if", "invalid_combination"})
"""Kinds of rules that ask for something not to be there."""


class ConflictingArguments(Rule):
    """Flags arguments of a component that exclude one another.

    `iso_url` and `iso_urls` are two ways to say one thing, `http_directory` and `http_content` two ways to
    fill one server: the plugin refuses a template that has both. Other arguments are not allowed where a
    third one has a certain value.

    What counts is what the code of the plugin checks. An empty value counts as none, as it does there, and
    one that only a build knows may be empty. Where a conflict rests on the default of a variable, or older
    versions that the template admits do not mind, the finding is a warning.
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<problem: rule>",)

    examples = (
        Bad(
            """
            source "qemu" "debian" {
              iso_url        = "https://example.org/debian.iso"
              iso_urls       = ["https://example.org/debian.iso"] # finding: `iso_url` and `iso_urls`
              iso_checksum   = "none"
              http_directory = "http"
              http_content   = { "/preseed.cfg" = "" } # finding: `http_content` and `http_directory`
              ssh_username   = "packer"
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "shell" {
                inline = ["true"]
                script = "setup.sh" # finding: `inline` and `script` exclude each other in provisioner `shell`
              }
            }
            """
        ),
        Bad(
            """
            variable "script" {
              default = "setup.sh"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
              provisioner "shell" {
                inline = ["true"]
                script = var.script # finding: in provisioner `shell`, with the default of `var.script`
              }
            }
            """
        ),
        Bad(
            {
                "legacy.json": """
                {
                  "builders": [{
                    "type": "qemu",
                    "iso_url": "https://example.org/debian.iso",
                    "iso_urls": ["https://example.org/debian.iso"],
                    "iso_checksum": "none",
                    "ssh_username": "packer"
                  }]
                }
                """
            },
            finds={"legacy.json:5": "`iso_url` and `iso_urls` exclude each other in builder `qemu`"},
        ),
        Bad(
            """
            packer {
              required_plugins {
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.8"
                }
              }
            }
            source "amazon-ebs" "base" {
              ami_name       = "base"
              instance_type  = "t3.micro"
              region         = "eu-west-1"
              source_ami     = "ami-0123456789abcdef0"
              winrm_username = "Administrator"
              communicator   = "winrm"
              ssh_interface  = "session_manager" # finding: refuses that `ssh_interface` is "session_manager"
            }
            build {
              sources = ["source.amazon-ebs.base"]
              provisioner "shell" {
                inline = ["true"]
              }
            }
            """
        ),
        Good(
            """
            variable "inline" {
              default = []
            }
            variable "script" {
              default = "setup.sh"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
              provisioner "shell" {
                inline = var.inline
                script = var.script
              }
              provisioner "shell" {
                inline = []
                script = "setup.sh"
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in of_kind(component, "rule"):
            if problem.keyword not in MOST:
                continue
            rule, path = problem.limit, problem.path
            involved = [it for it in given_by(component, path, rule["arguments"]) if is_set(it)]
            if len(involved) < (2 if problem.keyword in ("at_most_one_of", "exactly_one_of") else 1):
                continue
            conditions = [it for it in given_by(component, path, rule.get("when", ())) if it not in involved]
            yield _finding(problem, component, configuration, involved, conditions)


def _finding(
    problem: Problem,
    component: Component,
    configuration: Configuration,
    involved: list[Given],
    conditions: list[Given],
) -> Finding:
    last = max(involved, key=lambda it: name_range(it).order)
    others = (it for it in (*involved, *conditions) if it is not last)
    default = defaults(map(value_of, (*involved, *conditions)), configuration)
    return Finding(
        name_range(last),
        _message(problem, component, involved) + default.words,
        related=(*(Related(name_range(it), "is given too") for it in others), *default.related),
        hint=_HINTS.get(problem.keyword, "keep one of them"),
        softened=bool(default.words) + bool(problem.limit.get("documented")) + problem.older,
    )


def _message(problem: Problem, component: Component, involved: list[Given]) -> str:
    around, kind = schema_at(component, problem.path), problem.keyword
    needed, where = requirement_words(problem.schema, around), whose(component, problem.path)
    when = condition_words(problem.schema, around)
    condition = f" where {when}" if when else ""
    if kind == "conflicts":
        names = problem.limit["arguments"]
        each = "each other" if len(names) == 2 else "one another"
        return f"{names_words(names)} exclude {each} in {where}{condition}"
    if kind == "forbidden_if":
        return f"{needed} in {where}{condition}"
    if kind == "invalid_combination":
        return f"{where} refuses that {needed.removeprefix('not allowed: ')}"
    return f"{where} takes {needed}, and here are {len(involved)}{condition}"


_HINTS = {"forbidden_if": "remove it, or what asks for that", "invalid_combination": "change one of them"}
