"""Arguments and the text of templates → the secrets that are written there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packlint import (
    Bad,
    Category,
    Edit,
    Finding,
    Fix,
    Fixable,
    Good,
    Precision,
    Related,
    Rule,
    Severity,
)
from packlint.document import Range
from packlint.model import Configuration
from packlint.secrets.formats import keys
from packlint.secrets.places import Written, secrets

_SHOWN = "AKIA" + "Q7R2ZK3MVT5XWB9D"
"""A key that was never given to anybody, in two parts so that nobody takes it for one."""

_VARIABLE = """
variable "{name}" {{
  type      = string
  sensitive = true
}}
"""


class SecretLiteral(Rule):
    """Flags passwords, keys and tokens that are written in a template.

    Whoever may read the repository, now or at any time later, has what stands there, and a secret that was
    committed once stays in the history. Packer masks only the values of sensitive variables: a literal is
    printed wherever it comes up in the output or the log of a build.

    The rule looks at texts in arguments that take a secret, such as `client_secret` or `winrm_password`, also
    by a local, and for keys and tokens of a known form anywhere in the template, comments included: those
    of AWS, GitHub, GitLab, Slack, Vault and others, JSON web tokens and private keys. One that comes by the
    default of a variable is a matter of `secret-variable-default`. There is one finding for a secret,
    wherever else it stands.

    Take the secret out of the template, give it by a variable that is `sensitive` and `PKR_VAR_…` in the
    environment, or by `vault()`, and make a new one: the old one is known. The fix puts a variable without a
    default there.

    A key of a known form is an error, a text in such an argument a warning. A password that everybody knows,
    such as `vagrant`, or one that is the user's name, is not flagged for a machine on Packer's own host,
    and is a note for one of a hypervisor elsewhere: take care that a step removes it. Places that are to be
    filled in, as `<token>`, and the keys of documentation are not flagged.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/functions/contextual/vault
    """

    category = Category.SECURITY
    severity = Severity.ERROR
    security_severity = 8.1
    cwe = (798,)
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<name of a secret>", "<key>")

    examples = (
        Bad(
            """
            source "azure-arm" "web" {
              client_secret = "Kx7.q~R2mVd9" # finding: a secret is written in `client_secret`
            }
            build {
              sources = ["azure-arm.web"]
            }
            """,
            fixed="""
            source "azure-arm" "web" {
              client_secret = var.client_secret
            }
            build {
              sources = ["azure-arm.web"]
            }

            variable "client_secret" {
              type      = string
              sensitive = true
            }
            """,
        ),
        Bad(
            """
            source "amazon-ebs" "web" {
              winrm_password = "vagrant" # finding: a secret is written in `winrm_password`
            }
            source "amazon-ebs" "db" {
              winrm_password = local.password
            }
            locals {
              password = "vagrant"
            }
            build {
              sources = ["amazon-ebs.web", "amazon-ebs.db"]
              provisioner "shell" {
                inline = ["upload --key <key>"] # finding: this is an AWS access key
              }
            }
            """.replace("<key>", _SHOWN),
            fixed="""
            source "amazon-ebs" "web" {
              winrm_password = var.winrm_password
            }
            source "amazon-ebs" "db" {
              winrm_password = local.password
            }
            locals {
              password = var.winrm_password
            }
            build {
              sources = ["amazon-ebs.web", "amazon-ebs.db"]
              provisioner "shell" {
                inline = ["upload --key <key>"]
              }
            }

            variable "winrm_password" {
              type      = string
              sensitive = true
            }
            """.replace("<key>", _SHOWN),
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    {
                      "type": "vsphere-iso",
                      "password": "VMware1!",
                      "ssh_password": "vagrant"
                    }
                  ]
                }
                """
            },
            finds={"web.json:5": "in `password`", "web.json:6": "in `ssh_password`"},
        ),
        Good(
            """
            variable "client_secret" {
              type      = string
              sensitive = true
            }
            source "azure-arm" "web" {
              client_secret      = var.client_secret
              vault_secret_name  = "winrm"
              winrm_password     = ""
            }
            source "virtualbox-iso" "web" {
              ssh_username = "alice"
              ssh_password = "vagrant"
            }
            source "qemu" "web" {
              ssh_username = "alice"
              ssh_password = "alice"
            }
            source "digitalocean" "web" {
              api_token = "YOUR API TOKEN"
            }
            source "amazon-ebs" "web" {
              access_key     = "AKIAIOSFODNN7EXAMPLE"
              secret_key     = vault("secret/data/aws", "key")
              winrm_password = "{{ .WinRMPassword }}"
              source_ami     = "ami-0abcdef1234567890"
            }
            build {
              sources = ["azure-arm.web", "virtualbox-iso.web", "qemu.web", "digitalocean.web"]
            }
            build {
              sources = ["amazon-ebs.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        yield from _of_known_form(configuration)
        known = secrets(configuration)
        by_text: dict[str, list[Written]] = {}
        for it in known.written:
            by_text.setdefault(it.text, []).append(it)
        for text, places in by_text.items():
            found = [
                (it, mildness)
                for it in places
                if (mildness := known.mildness(text, it.slots[0].argument.name, it.slots)) is not None
            ]
            if found:
                yield _finding([it for it, _ in found], min(mildness for _, mildness in found), configuration)


def _of_known_form(configuration: Configuration) -> Iterator[Finding]:
    """The keys and tokens in the files of the template; those of variable files have a rule of their own."""
    places: dict[str, list[Range]] = {}
    words: dict[str, str] = {}
    for file in configuration.syntax:
        if file.document.path not in configuration.template.var_files:
            text = file.document.text
            for key in keys(text):
                secret = text[key.start : key.end]
                words[secret] = key.words
                places.setdefault(secret, []).append(Range(file.document, key.start, key.end))
    for secret, (first, *others) in places.items():
        yield Finding(
            first,
            f"this is {words[secret]}, for all who can read the template",
            related=_others(others),
            hint="withdraw it, and give a new one to Packer by a sensitive variable",
        )


def _finding(places: list[Written], mildness: int, configuration: Configuration) -> Finding:
    first, *others = sorted(places, key=lambda it: it.template.range.order)
    name = first.slots[0].argument.name
    return Finding(
        first.template.range,
        f"a secret is written in `{name}`, for all who can read the template",
        related=_others(it.template.range for it in others),
        hint=f"give `{name}` the value of a sensitive variable",
        fix=_fix(name, [first, *others], configuration),
        softened=max(1, mildness),
    )


def _others(places: Iterable[Range]) -> tuple[Related, ...]:
    return tuple(Related(place, "the same secret") for place in places)


def _fix(name: str, places: list[Written], configuration: Configuration) -> Fix | None:
    """The value of a new variable in all these places, which are in one file of HCL."""
    first = places[0].template.range
    document = first.document
    taken = any(variable.name == name for variable in configuration.variables)
    if taken or not configuration.complete or not document.path.endswith(".pkr.hcl"):
        return None
    end = len(document.text)
    declared = ("" if document.text.endswith("\n") else "\n") + _VARIABLE.format(name=name)
    edits = [Edit(it.template.range, f"var.{name}") for it in places]
    if any(edit.range.document is not document for edit in edits):
        return None
    return Fix(
        "declare a sensitive variable", (*edits, Edit(Range(document, end, end), declared)), safe=False
    )
