"""Ansible and the communicators of its sources → playbooks that go to Windows by SSH."""

import posixpath
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Related, Rule, Severity
from packlint.communicator import communicator_of
from packlint.effective import instances, names
from packlint.model import Arguments, Build, Configuration, Provisioner, SourceUse
from packlint.named import NamedTuple
from packlint.value import Value

INVENTORY = ("inventory_file", "inventory_directory")
"""Arguments that name what may tell the connection, out of sight."""


class AnsibleWinrmUnconfigured(Rule):
    """Flags `ansible` on WinRM without the connection set up for Windows.

    By default the plugin starts a proxy that speaks SSH, and writes an inventory that sends Ansible to it.
    Ansible then takes the guest for a Unix-like system: it copies its modules and calls `/bin/sh`, which
    fails on Windows at the first task, after the installation.

    Set `use_proxy = false`: then the plugin writes an inventory with `ansible_connection=winrm`. What remains
    goes into `extra_arguments`, such as `ansible_winrm_server_cert_validation=ignore`. Or let
    `extra_arguments` choose the connection.

    A finding is milder where an inventory of your own, a configuration of Ansible, variables beside the
    playbook, or the playbook itself, may tell the connection and cannot be seen.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/ansible/latest/components/provisioner/ansible
    https://docs.ansible.com/ansible/latest/os_guide/windows_winrm.html
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    looks_for = ("ansible",)

    examples = (
        Bad(
            {
                "windows.pkr.hcl": """
                source "qemu" "windows" {
                  communicator   = "winrm"
                  winrm_username = "Administrator"
                }

                build {
                  sources = ["source.qemu.windows"]
                  provisioner "ansible" { # finding: `ansible` reaches `qemu.windows` by SSH
                    playbook_file = "playbook.yml"
                  }
                }
                """,
                "playbook.yml": """
                - hosts: all
                  tasks:
                    - win_ping:
                """,
            }
        ),
        Bad(
            {
                "windows.json": """
                {
                  "builders": [{ "type": "qemu", "communicator": "winrm" }],
                  "provisioners": [
                    {
                      "type": "ansible",
                      "playbook_file": "playbook.yml",
                      "extra_arguments": ["-e", "site=web"]
                    }
                  ]
                }
                """
            },
            finds={"windows.json:5": "by SSH"},
        ),
        Good(
            """
            source "qemu" "windows" {
              communicator   = "winrm"
              winrm_username = "Administrator"
            }

            source "qemu" "debian" {
              ssh_username = "debian"
            }

            build {
              sources = ["source.qemu.windows", "source.qemu.debian"]
              provisioner "ansible" {
                only          = ["qemu.windows"]
                playbook_file = "playbook.yml"
                use_proxy     = false
                user          = "Administrator"
              }
              provisioner "ansible" {
                only            = ["qemu.windows"]
                playbook_file   = "playbook.yml"
                extra_arguments = ["--connection", "packer", "-e", "ansible_shell_type=powershell"]
              }
              provisioner "ansible" {
                only          = ["qemu.debian"]
                playbook_file = "playbook.yml"
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        found: dict[int, list[_Case]] = {}
        for instance in instances(build):
            if communicator_of(instance.use) == "winrm":
                for effective in instance.provisioners:
                    step = effective.step
                    if step.type == "ansible" and effective.certain and isinstance(step, Provisioner):
                        doubt = _doubt(effective.arguments, configuration)
                        if doubt is not None:
                            found.setdefault(id(step), []).append(_Case(step, instance.use, doubt))
        for cases in found.values():
            yield _finding(cases)


class _Case(NamedTuple):
    """A source that Ansible goes to by SSH; `doubt` counts the steps by which that is milder."""

    step: Provisioner
    use: SourceUse
    doubt: int


def _doubt(arguments: Arguments, configuration: Configuration) -> int | None:
    """By how many steps it is doubtful that nothing tells the connection; None where something may."""
    proxy = arguments.get("use_proxy")
    said = [
        *_texts(arguments.value("extra_arguments")),
        *_texts(arguments.value("ansible_env_vars")),
        *_texts(arguments.value("inventory_file_template")),
    ]
    if None in said or (proxy is not None and proxy.value.known(bool) is not True):
        return None
    texts = [text for text in said if text is not None]
    if any(word in text for text in texts for word in ("connection", "TRANSPORT", "winrm")) or "-c" in texts:
        return None
    if any(name in arguments for name in INVENTORY):
        return 2
    if any(text.startswith(("@", "ANSIBLE_CONFIG", "ANSIBLE_INVENTORY")) for text in texts):
        return 2
    return _of_playbook(arguments, configuration)


def _texts(value: Value | None) -> list[str | None]:
    """The texts of a list, or a text; None among them where one is not known."""
    if value is None:
        return []
    return [item.known(str) for item in value.items] if value.items is not None else [value.known(str)]


def _of_playbook(arguments: Arguments, configuration: Configuration) -> int | None:
    """What a playbook and the variables beside it leave in doubt."""
    path = configuration.locate(arguments.known("playbook_file", str) or "")
    text = configuration.files.text(path) if path is not None else None
    if path is None or text is None:
        return 1
    if "connection" in text:
        return None
    beside = posixpath.dirname(path)
    places = ("group_vars", "host_vars", "ansible.cfg")
    return 2 if any(configuration.files.exists(posixpath.join(beside, it)) for it in places) else 0


def _finding(cases: list[_Case]) -> Finding:
    step = cases[0].step
    uses = tuple(case.use for case in cases)
    told = (use.arguments.get("communicator") for use in uses)
    places = dict.fromkeys(argument.range for argument in told if argument)
    return Finding(
        step.header_range,
        f"`ansible` reaches {names(uses)} by SSH, through its proxy, as it would a Unix-like system",
        related=tuple(Related(place, "the communicator") for place in places),
        hint="set `use_proxy` to false, or choose the connection in `extra_arguments`",
        softened=max(case.doubt for case in cases),
    )
