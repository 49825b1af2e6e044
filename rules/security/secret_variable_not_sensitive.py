"""Variables that hold secrets → those that Packer shows in its log."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.model import Configuration, Variable
from packlint.secrets.places import Holder, secrets

MOST_SHOWN = 3


class SecretVariableNotSensitive(Rule):
    """Flags variables that hold a secret and are not declared sensitive.

    Packer masks the values of sensitive variables in everything that it prints and logs. Those of others it
    shows: in the output of a build, in the messages of a failed command line, in `PACKER_LOG`, in what
    `packer inspect` and `packer console` say, and so in what a runner of continuous integration keeps.

    The rule looks at variables that go to an argument which takes a secret, as they are or by one local, and
    at those named like one: `…password`, `…secret`, `…token`, `…api_key`, `…private_key`. Nothing is said
    of those of another type than text, that hold a path or the name of a secret, or that say
    `sensitive = false`, and of a password that everybody knows, such as `vagrant`, for a machine on Packer's
    own host: to mask that word would hide half of the log.

    Write `sensitive = true`, in a legacy template the name into `sensitive-variables`; the fix does so.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables#suppressing-sensitive-variables
    https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates/user-variables#sensitive-variables
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 5.5
    cwe = (532,)
    precision = Precision.HIGH
    fixable = Fixable.SAFE
    looks_for = ("<name of a secret>",)

    examples = (
        Bad(
            """
            variable "vcenter_password" { # finding: variable `vcenter_password` holds a secret
              type = string
            }
            variable "login" { # finding: variable `login` holds a secret
              description = "how to get in"
              default     = ""
            }
            variable "wifi_password" {} # finding: variable `wifi_password` holds a secret
            variable "api_token" { default = "" } # finding: variable `api_token` holds a secret
            locals {
              password = var.login
            }
            source "vsphere-iso" "web" {
              password     = var.vcenter_password
              ssh_password = local.password
            }
            build {
              sources = ["vsphere-iso.web"]
            }
            """,
            fixed="""
            variable "vcenter_password" {
              type      = string
              sensitive = true
            }
            variable "login" {
              description = "how to get in"
              sensitive   = true
              default     = ""
            }
            variable "wifi_password" {
              sensitive = true
            }
            variable "api_token" {
              default   = ""
              sensitive = true
            }
            locals {
              password = var.login
            }
            source "vsphere-iso" "web" {
              password     = var.vcenter_password
              ssh_password = local.password
            }
            build {
              sources = ["vsphere-iso.web"]
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "variables": {
                    "client_secret": "{{ env `CLIENT` }}",
                    "pw": "",
                    "size": "1"
                  },
                  "builders": [
                    {
                      "type": "azure-arm",
                      "client_secret": "{{ user `client_secret` }}",
                      "winrm_password": "{{ user `pw` }}"
                    }
                  ]
                }
                """
            },
            finds={"web.json:3": "`client_secret` holds a secret", "web.json:4": "`pw` holds a secret"},
            fixed={
                "web.json": """
                {
                  "variables": {
                    "client_secret": "{{ env `CLIENT` }}",
                    "pw": "",
                    "size": "1"
                  },
                  "sensitive-variables": ["client_secret", "pw"],
                  "builders": [
                    {
                      "type": "azure-arm",
                      "client_secret": "{{ user `client_secret` }}",
                      "winrm_password": "{{ user `pw` }}"
                    }
                  ]
                }
                """
            },
        ),
        Good(
            """
            variable "client_secret" {
              type      = string
              sensitive = true
            }
            variable "password_hash" {
              type = string
            }
            variable "token_ttl" {
              type = number
            }
            variable "use_password" {
              type = bool
            }
            variable "ssh_private_key" {
              default = "~/.ssh/id_ed25519"
            }
            variable "database_secret" {
              type = string
            }
            variable "passwords" {
              type = list(string)
            }
            variable "ssh_password" {
              default = "vagrant"
            }
            source "virtualbox-iso" "web" {
              ssh_username         = aws_secretsmanager(var.database_secret, "user")
              ssh_password         = var.ssh_password
              ssh_private_key_file = var.ssh_private_key
            }
            build {
              sources = ["virtualbox-iso.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        known = secrets(configuration)
        sensitive = {it.name for it in configuration.variables if it.sensitive}
        for holder in known.holders:
            variable = holder.variable
            if variable.name in sensitive or known.excused(holder):
                continue
            from packlint.secrets.declarations import declares

            if not declares(variable, "sensitive", configuration):
                yield _finding(holder, variable, configuration)


def _finding(holder: Holder, variable: Variable, configuration: Configuration) -> Finding:
    from packlint.secrets.declarations import made_sensitive

    edits = made_sensitive(variable, configuration)
    return Finding(
        variable.name_range,
        f"variable `{variable.name}` holds a secret, and Packer prints it: it is not sensitive",
        related=tuple(
            Related(slot.argument.range, f"it goes to `{slot.argument.name}` of `{slot.type}`")
            for slot in holder.slots[:MOST_SHOWN]
        ),
        hint=_hint(variable, configuration),
        fix=Fix("declare the variable sensitive", edits) if edits else None,
    )


def _hint(variable: Variable, configuration: Configuration) -> str:
    if any(file.legacy and file.document == variable.range.document for file in configuration.syntax):
        return f'write `"{variable.name}"` into `sensitive-variables`'
    return "write `sensitive = true` in its block"
