"""Variables that hold secrets → the defaults in which one is written."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.model import Configuration
from packlint.secrets.formats import keys
from packlint.secrets.places import secrets


class SecretVariableDefault(Rule):
    """Flags variables with a secret as their default.

    Whoever may read the repository has it, and what was committed once stays in the history. `sensitive`
    masks the value in what Packer prints, not in the file. A build that was meant to be given a secret of its
    own, and was not, runs with the one that all know.

    The rule looks at variables that go to an argument which takes a secret, as they are or by one local, and
    at those named like one. Leave the default out, and Packer stops where the variable is not given, or take
    it from the environment: `default = env("SSH_PASSWORD")`. Make a new secret: the old one is known. The
    fix takes the default away.

    A password that everybody knows, such as `vagrant`, or one that is the user's name, is not flagged for a
    machine on Packer's own host, and is a note for one of a hypervisor elsewhere. Empty defaults and places
    that are to be filled in, as `<token>`, are not flagged. A key of a known form is a matter of
    `secret-literal`.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/functions/contextual/env
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 7.5
    cwe = (798,)
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<name of a secret>",)

    examples = (
        Bad(
            """
            variable "ssh_password" {
              type      = string
              default   = "1ma63b0rk3d" # finding: the default of variable `ssh_password` is a secret
              sensitive = true
            }
            source "qemu" "web" {
              ssh_password = var.ssh_password
            }
            build {
              sources = ["qemu.web"]
            }
            """,
            fixed="""
            variable "ssh_password" {
              type      = string
              sensitive = true
            }
            source "qemu" "web" {
              ssh_password = var.ssh_password
            }
            build {
              sources = ["qemu.web"]
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "variables": {
                    "pw": "SuperS3cr3t!"
                  },
                  "sensitive-variables": ["pw"],
                  "builders": [
                    { "type": "amazon-ebs", "winrm_password": "{{ user `pw` }}" }
                  ]
                }
                """
            },
            finds={"web.json:3": "the default of variable `pw` is a secret"},
            fixed={
                "web.json": """
                {
                  "variables": {
                    "pw": null
                  },
                  "sensitive-variables": ["pw"],
                  "builders": [
                    { "type": "amazon-ebs", "winrm_password": "{{ user `pw` }}" }
                  ]
                }
                """
            },
        ),
        Good(
            """
            variable "ssh_password" {
              type      = string
              default   = env("SSH_PASSWORD")
              sensitive = true
            }
            variable "vnc_password" {
              type      = string
              default   = "vagrant"
              sensitive = true
            }
            variable "client_secret" {
              type      = string
              default   = "<your secret>"
              sensitive = true
            }
            variable "api_token" {
              type      = string
              default   = ""
              sensitive = true
            }
            variable "db_secret" {
              type    = string
              default = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"
            }
            source "qemu" "web" {
              ssh_password = var.ssh_password
              vnc_password = var.vnc_password
            }
            build {
              sources = ["qemu.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        known = secrets(configuration)
        for holder in known.holders:
            variable, default = holder.variable, holder.default
            text = default.literal if default is not None else None
            if default is None or not text or next(keys(text), None) is not None:
                continue
            mildness = known.mildness(text, variable.name, holder.slots)
            if mildness is None:
                continue
            from packlint.secrets.declarations import without_default

            edit = without_default(variable, configuration)
            yield Finding(
                default.range,
                f"the default of variable `{variable.name}` is a secret, for all who can read the template",
                hint=f'leave the default out, or write `default = env("{variable.name.upper()}")`'
                if not default.range.document.path.endswith(".json")
                else "leave the default out, and give the value when Packer is run",
                fix=Fix("take the default away", (edit,), safe=False) if edit is not None else None,
                softened=mildness,
            )
