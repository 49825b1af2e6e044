"""Files that are uploaded → those whose place the user of SSH may not write to."""

import posixpath
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Rule, Severity
from packlint.communicator import communicator_of
from packlint.effective import EffectiveStep, Instance, instances, names
from packlint.guest import guest_of
from packlint.model import Argument, Arguments, Build, Configuration, Provisioner, SourceUse
from packlint.named import NamedTuple
from packlint.pattern import pattern
from packlint.shell.steps import scripts
from packlint.traits import HOST_SIDE

PRIVILEGED = pattern(
    r"/(?:etc|usr(?!/home(?:/|$))|opt(?!/homebrew(?:/|$))|root|s?bin|boot|lib(?:32|64|x32)?|srv"
    r"|var(?!/(?:tmp|home|folders)(?:/|$)))(?:/|$)"
)
"""Where only root writes on a Unix-like system, unless somebody has changed that."""

SYSTEM = pattern(r"/(?:etc|usr|root|s?bin|boot|lib(?:32|64|x32)?)(?:/|$)")
"""Those of them that hardly any script gives away."""

ALL_MAY = frozenset({"root", "toor", "administrator"})

OPENING = frozenset({"chown", "chmod", "chgrp", "setfacl", "install"})
"""Commands that let other users write to a directory."""


class FileDestinationPrivileged(Rule):
    """Flags uploads to places that the SSH user may not write to.

    A `file` provisioner copies with SCP or SFTP, as the user of `ssh_username` and without `sudo`, whatever
    that user might do in a shell. An upload to `/etc` or `/opt` by anybody but root ends the build with
    "Permission denied".

    Upload to `/tmp` and let a `shell` provisioner put the file into its place: `sudo install -m 0644
    /tmp/app.conf /etc/app.conf`.

    A finding is a note where an earlier step changes the owner or the mode of that directory, or may do so
    out of sight in a place that is often given away, such as `/opt`. A user in whose name the directory is,
    Windows, and a user that only a build knows are not judged.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/file
    """

    category = Category.PROVISIONERS
    severity = Severity.WARNING
    looks_for = ("destination", "override")

    examples = (
        Bad(
            """
            source "qemu" "web" {
              ssh_username = "debian"
            }

            build {
              sources = ["source.qemu.web"]
              provisioner "file" {
                source      = "app.conf"
                destination = "/etc/app.conf" # finding: `debian`, the user of `qemu.web`, may not write
              }
            }
            """
        ),
        Bad(
            {
                "web.json": """
                {
                  "variables": { "user": "ubuntu" },
                  "builders": [{ "type": "qemu", "ssh_username": "{{ user `user` }}" }],
                  "provisioners": [
                    { "type": "file", "source": "app", "destination": "/usr/local/bin/app" }
                  ]
                }
                """
            },
            finds={"web.json:5": "with the default of `var.user`"},
        ),
        Good(
            """
            variable "user" {
              default = ""
            }

            source "qemu" "root" {
              ssh_username = "root"
            }

            source "qemu" "other" {
              ssh_username = var.user
            }

            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.qemu.root", "source.qemu.other", "source.docker.app"]
              provisioner "file" {
                source      = "app.conf"
                destination = "/etc/app.conf"
              }
            }
            """
        ),
        Good(
            """
            source "qemu" "web" {
              ssh_username = "jenkins"
            }

            build {
              sources = ["source.qemu.web"]
              provisioner "file" {
                source      = "app.conf"
                destination = "/var/tmp/app.conf"
              }
              provisioner "file" {
                source      = "config.xml"
                destination = "/var/lib/jenkins/config.xml"
              }
              provisioner "file" {
                direction   = "download"
                source      = "/etc/os-release"
                destination = "/srv/images/os-release"
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        alike: dict[tuple[int, int], list[_Upload]] = {}
        openers = _Openers(configuration)
        for instance in instances(build):
            for upload in _uploads(instance, openers):
                alike.setdefault((id(upload.step), id(upload.user)), []).append(upload)
        for uploads in alike.values():
            yield _finding(uploads)


class _Upload(NamedTuple):
    """An upload to a place that the user of a source may not write to; `opened` where it perhaps may."""

    step: Provisioner
    use: SourceUse
    user: Argument
    destination: Argument
    path: str
    opened: bool


class _Openers:
    """What the scripts of steps say to `chown` and its like, read once for each step."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._read: dict[int, tuple[Arguments, frozenset[str] | None]] = {}

    def of(self, step: EffectiveStep) -> frozenset[str] | None:
        """The paths whose owner or mode a step changes; None where its scripts cannot be read."""
        if step.step.type == "file" or step.step.type in HOST_SIDE:
            return frozenset()
        arguments = step.arguments
        if id(arguments) not in self._read:
            found = [*scripts(arguments, self._configuration)] if step.step.type == "shell" else []
            words = (
                word.text
                for script in found
                for command in script.commands()
                if command.name in OPENING
                for word in command.words[1:]
            )
            paths = frozenset(posixpath.normpath(text) for text in words if text and text.startswith("/"))
            self._read[id(arguments)] = (
                arguments,
                (paths if found and all(script.script.whole for script in found) else None),
            )
        return self._read[id(arguments)][1]


def _uploads(instance: Instance, openers: _Openers) -> Iterator[_Upload]:
    user = _user(instance.use)
    if user is None:
        return
    opened: set[str] = set()
    before: list[EffectiveStep] = []
    unread = False
    for effective in instance.provisioners:
        step, arguments = effective.step, effective.arguments
        before.append(effective)
        destination = arguments.get("destination")
        if step.type != "file" or not effective.certain or destination is None:
            continue
        if not isinstance(step, Provisioner) or not _is_upload(arguments):
            continue
        path = posixpath.normpath(destination.worth.text or ".")
        if PRIVILEGED.match(path) and user.value.known(str) not in path.split("/"):
            told = [openers.of(it) for it in before]
            before.clear()
            unread = unread or None in told
            opened.update(*(paths for paths in told if paths is not None))
            open_ = any(at in opened for at in _above(path)) or (unread and not SYSTEM.match(path))
            yield _Upload(step, instance.use, user, destination, path, open_)


def _user(use: SourceUse) -> Argument | None:
    """The user of SSH, where it is known and has no rights of its own."""
    user = use.arguments.get("ssh_username")
    name = user.value.known(str) if user is not None and not user.value.sensitive else None
    if not name or name.lower() in ALL_MAY or "{{" in name or communicator_of(use) != "ssh":
        return None
    guest = guest_of(use)
    return None if guest is not None and guest.family in ("windows", "macos") else user


def _is_upload(arguments: Arguments) -> bool:
    direction = arguments.get("direction")
    return direction is None or direction.value.known(str) in ("upload", "")


def _above(path: str) -> Iterator[str]:
    """A path and the directories above it, without the root."""
    while path not in ("/", "", "."):
        yield path
        path = posixpath.dirname(path)


def _finding(uploads: list[_Upload]) -> Finding:
    first = uploads[0]
    uses = tuple(upload.use for upload in uploads)
    top = "/" + first.path.split("/")[1]
    name, value = first.user.value.known(str), first.user.value
    default = f" with the default of `var.{value.default_of}`" if value.default_of else ""
    file = posixpath.basename(first.path)
    return Finding(
        first.destination.expression.range,
        f"`destination` is in `{top}`, where `{name}`, the user of {names(uses)}{default}, may not write",
        hint=f"upload to `/tmp/{file}`, and move it with `sudo` in a `shell` provisioner",
        softened=all(upload.opened for upload in uploads),
    )
