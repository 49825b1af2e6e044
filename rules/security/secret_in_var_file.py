"""Variable files → the secrets that are assigned in them."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.ignore import ignored_by_git
from packlint.model import Configuration
from packlint.secrets.assigned import assigned
from packlint.secrets.places import secrets


class SecretInVarFile(Rule):
    """Flags variable files that are not git-ignored and hold a secret.

    A file such as `production.auto.pkrvars.hcl` is committed with the rest: whoever may read the repository,
    now or at any time later, has the password or the token of the cloud or hypervisor.

    The rule looks at texts that are given to variables which go to an argument that takes a secret, or are
    named like one, and at keys of a known form. Files that `.gitignore` leaves out are not read for it, nor
    are those that sops has encrypted, values that ansible-vault has, and places to fill in, as `<token>`; a
    file such as `production.pkrvars.hcl.example` is none that Packer reads.

    Give the value by `PKR_VAR_…` in the environment, or by `vault()`, let `.gitignore` have the file, and
    make a new secret: the old one is known. A password that everybody knows, such as `vagrant`, is not
    flagged for a machine on Packer's own host, and is a note for one of a hypervisor elsewhere.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables#environment-variables
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/functions/contextual/vault
    """

    category = Category.SECURITY
    severity = Severity.ERROR
    security_severity = 8.1
    cwe = (312, 540)
    precision = Precision.HIGH
    looks_for = ("<variable file>",)

    examples = (
        Bad(
            {
                "web.pkr.hcl": """
                variable "login" {
                  type      = string
                  sensitive = true
                }
                source "vsphere-iso" "web" {
                  password = var.login
                }
                build {
                  sources = ["vsphere-iso.web"]
                }
                """,
                "web.auto.pkrvars.hcl": """
                login = "Kx7.qR2m" # finding: a secret is given to variable `login`
                """,
                "other.pkrvars.json": """
                {
                  "vsphere_password": "Kx7.qR2m",
                  "vsphere_user": "alice"
                }
                """,
            },
            finds={"other.pkrvars.json:2": "a secret is given to variable `vsphere_password`"},
        ),
        Good(
            {
                ".gitignore": """
                production.pkrvars.hcl
                """,
                "web.pkr.hcl": """
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
                "web.auto.pkrvars.hcl": """
                ssh_password = "vagrant"
                """,
                "production.pkrvars.hcl": """
                ssh_password = "Kx7.qR2m"
                """,
                "other.pkrvars.hcl": """
                ssh_password      = ""
                api_token         = "<your token>"
                token_ttl         = "1h"
                vsphere_password  = "ENC[AES256_GCM,data:8fK2,type:str]"
                """,
            }
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        known = secrets(configuration)
        for it in assigned(configuration):
            mildness = 0 if it.words else known.mildness(it.text, it.name, it.slots, it.users)
            document = it.range.document
            if mildness is None or ignored_by_git(configuration.files, document.path):
                continue
            what = f"this is {it.words}" if it.words else f"a secret is given to variable `{it.name}`"
            yield Finding(
                it.range,
                f"{what}, for all who can read `{document.path}`",
                hint=f"give the value by `PKR_VAR_{it.name}`, or have git ignore the file"
                if it.name
                else "withdraw it, and have git ignore the file",
                softened=mildness,
            )
