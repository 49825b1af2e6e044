"""Command lines and inline scripts → the passwords that are written in them."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.document import Range
from packlint.model import Configuration
from packlint.secrets.commands import InCommand, in_commands
from packlint.secrets.places import secrets


class PasswordInCommand(Rule):
    """Flags passwords that are written in the commands of a template.

    In `echo 'S3cret' | sudo -S …` the password is known to all who can read the template, and to everybody on
    the machine who asks for its processes while the command runs. Packer does not know that it is one, and
    writes the command to its log as it is. And it stands apart from the password that Packer logs in with, so
    that the one is changed and the other forgotten.

    The rule reads `execute_command`, `shutdown_command` and `inline` for what is piped into `sudo -S`,
    `chpasswd` and `passwd --stdin`, for `--password=…`, and for the option of `mysql`, `sshpass`,
    `docker login` and `curl`. Nothing is said of a password that comes from a variable. One that is written
    several times is one finding.

    Put the variable there, `echo '${var.ssh_password}' | sudo -S …`, or let the user run `sudo` without a
    password while the image is built. The fix does so where the variable of the password has that default.

    A password that everybody knows, such as `vagrant`, or one that is the user's name, is not flagged for a
    machine on Packer's own host, and is a note for one of a hypervisor elsewhere.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell#sudo-example
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 6.7
    cwe = (214, 798)
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("execute_command", "shutdown_command", "inline")

    examples = (
        Bad(
            """
            variable "ssh_password" {
              default   = "Kx7.qR2m"
              sensitive = true
            }
            source "qemu" "web" {
              ssh_username     = "web"
              ssh_password     = var.ssh_password
              shutdown_command = "echo 'Kx7.qR2m' | sudo -S shutdown -P now" # finding: a password for `sudo`
            }
            build {
              sources = ["qemu.web"]
              provisioner "shell" {
                execute_command = "echo 'Kx7.qR2m' | {{ .Vars }} sudo -S -E sh '{{ .Path }}'"
                inline = [
                  "mysql -u root -pq8Wz.r3T app < app.sql", # finding: a password for `mysql`
                ]
              }
            }
            """,
            fixed="""
            variable "ssh_password" {
              default   = "Kx7.qR2m"
              sensitive = true
            }
            source "qemu" "web" {
              ssh_username     = "web"
              ssh_password     = var.ssh_password
              shutdown_command = "echo '${var.ssh_password}' | sudo -S shutdown -P now"
            }
            build {
              sources = ["qemu.web"]
              provisioner "shell" {
                execute_command = "echo '${var.ssh_password}' | {{ .Vars }} sudo -S -E sh '{{ .Path }}'"
                inline = [
                  "mysql -u root -pq8Wz.r3T app < app.sql",
                ]
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    { "type": "amazon-ebs", "ssh_username": "ubuntu" }
                  ],
                  "provisioners": [
                    {
                      "type": "shell",
                      "execute_command": "echo 'ubuntu' | {{ .Vars }} sudo -S sh '{{ .Path }}'",
                      "script": "install.sh"
                    }
                  ]
                }
                """
            },
            finds={"web.json:8": "a password for `sudo`"},
        ),
        Good(
            """
            variable "ssh_password" {
              default   = "Kx7.qR2m"
              sensitive = true
            }
            source "qemu" "web" {
              ssh_username     = "web"
              ssh_password     = var.ssh_password
              shutdown_command = "echo '${var.ssh_password}' | sudo -S shutdown -P now"
            }
            source "virtualbox-iso" "web" {
              ssh_username     = "packer"
              ssh_password     = "packer"
              shutdown_command = "echo 'packer' | sudo -S shutdown -P now"
            }
            build {
              sources = ["qemu.web", "virtualbox-iso.web"]
              provisioner "shell" {
                environment_vars = ["PASSWORD=${var.ssh_password}"]
                inline = [
                  "echo \\"$PASSWORD\\" | sudo -S apt-get update",
                  "mysql -p < app.sql",
                  "mkdir -p /opt/app",
                  "ssh -p 2222 web@example.com true",
                  "docker run -p 80:80 nginx",
                ]
              }
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        known = secrets(configuration)
        by_text: dict[str, dict[tuple[str, int, int], InCommand]] = {}
        for it in in_commands(configuration):
            by_text.setdefault(it.text, {}).setdefault(it.range.order, it)
        named: dict[str, list[str]] = {}
        for holder in known.holders if by_text else ():
            if holder.default is not None and holder.default.literal:
                named.setdefault(holder.default.literal, []).append(holder.variable.name)
        for text, places in by_text.items():
            first, *others = (it for _, it in sorted(places.items()))
            mildness = known.mildness(text, "", [first.slot, *(it.slot for it in others)])
            if mildness is not None:
                yield Finding(
                    first.range,
                    f"a password for `{first.program}` is written in this command",
                    related=tuple(Related(it.range, "the same password") for it in others),
                    hint="put the value of a sensitive variable there",
                    fix=_fix(named.get(text, []), [first.range, *(it.range for it in others)]),
                    softened=mildness,
                )


def _fix(names: list[str], places: list[Range]) -> Fix | None:
    """The variable that has the password as its default, where there is one such variable."""
    if len(names) != 1 or any(not it.document.path.endswith(".pkr.hcl") for it in places):
        return None
    edits = tuple(Edit(it, f"${{var.{names[0]}}}") for it in places)
    return Fix(f"put `var.{names[0]}` there", edits, safe=False)
