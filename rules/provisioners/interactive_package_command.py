"""The scripts of shell steps → commands of package managers that wait for an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from packlint.model import Build, Configuration, Provisioner
from packlint.pattern import pattern
from packlint.record import record
from packlint.shell.command import Command, Word
from packlint.shell.steps import StepScript, scripts


@record
class Manager:
    """A package manager: the subcommands at which it asks, and the options that answer.

    `agreeing` are regular expressions for options, `answer` is the one to write, after the subcommand or,
    where it is `global_`, before it. `valued` are options that take the next word.
    """

    asking: frozenset[str]
    agreeing: tuple[str, ...]
    answer: str = "-y"
    global_: bool = False
    valued: frozenset[str] = frozenset()


_APT = Manager(
    frozenset(
        {
            *("install", "reinstall", "upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"),
            *("remove", "purge", "autoremove", "build-dep"),
        }
    ),
    (
        *(r"-[a-zA-Z]*y[a-zA-Z]*", r"-[a-zA-Z]*q[a-zA-Z]*q[a-zA-Z]*", r"-[a-zA-Z]*s[a-zA-Z]*"),
        *(r"(?:-q|--quiet)=[2-9]", r"(?:-y|--yes|--assume-yes)=(?:true|yes|on|1)"),
        *(r"--yes", r"--assume-yes", r"--force-yes", r"--simulate", r"--dry-run", r"--just-print"),
        *(r"--no-act", r"--recon", r"--print-uris", r"--trivial-only", r"--assume-no", r"--help"),
    ),
    valued=frozenset({"-o", "-t", "-c", "-a", "--option", "--target-release", "--config-file"}),
)
_DNF = Manager(
    frozenset(
        {
            *("install", "update", "upgrade", "remove", "erase", "reinstall", "downgrade", "autoremove"),
            *("groupinstall", "groupremove", "localinstall", "distro-sync", "swap", "update-minimal"),
            *("upgrade-minimal", "group", "groups", "builddep"),
        }
    ),
    (r"-[a-zA-Z]*y[a-zA-Z]*", r"--assumeyes", r"--assumeno", r"--downloadonly", r"--help", r"-h"),
    valued=frozenset({"-c", "--config", "-x", "-R", "-d", "-e"}),
)
_ZYPPER = Manager(
    frozenset(
        {
            *("install", "in", "update", "up", "remove", "rm", "patch", "dist-upgrade", "dup"),
            *("install-new-recommends", "inr", "source-install", "si"),
        }
    ),
    (
        *(r"-[a-zA-Z]*[ny][a-zA-Z]*", r"--non-interactive", r"--no-confirm"),
        *(r"-D", r"--dry-run", r"-h", r"--help"),
    ),
    answer="--non-interactive",
    global_=True,
    valued=frozenset({"-c", "--config", "-R", "--root", "-r", "--repo", "--from", "-t", "--type"}),
)
_PACMAN = Manager(
    frozenset(),
    (r"--noconfirm", r"-[a-zA-Z]*[pilsghwk][a-zA-Z]*", r"--print", r"--help"),
    answer="--noconfirm",
    valued=frozenset({"-r", "--root", "--config", "-b", "--dbpath"}),
)
_PKG = Manager(
    frozenset({"install", "upgrade", "delete", "remove", "autoremove"}),
    (r"-[a-zA-Z]*y[a-zA-Z]*", r"--yes", r"-[a-zA-Z]*n[a-zA-Z]*", r"--dry-run"),
    valued=frozenset({"-o", "-r", "-c", "-C", "-R", "-j"}),
)

MANAGERS = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), _APT),
    **dict.fromkeys(("yum", "dnf", "dnf5"), _DNF),
    "zypper": _ZYPPER,
    "pacman": _PACMAN,
    "pkg": _PKG,
}

_LONGEST = 100
"""Characters of an option; the time for a longer one would grow with the square of them and more."""

_GROUPS = frozenset({"install", "remove", "update", "upgrade"})
"""What `dnf group` asks at; it only shows or marks groups otherwise."""

_PACMAN_ASKS = pattern(r"-(?:S(?=[a-z]*u)[a-z]*|[RU][a-z]*)|--(?:sysupgrade|remove|upgrade)")
"""Operations that ask; `-S` by itself does where it has packages to install."""

_AGREED = pattern(
    r"Assume-?Yes|apt\.conf|assumeyes|ASSUME_ALWAYS_YES|--allow-unauthenticated\S{0,100}=yes", re.I
)
"""What a script says to answer for all commands that follow."""


class InteractivePackageCommand(Rule):
    """Flags package commands that wait for an answer nobody can give.

    `apt-get install nginx` lists what else it needs and asks "Do you want to continue?". A script that
    Packer runs has no terminal and nothing on its standard input: `apt-get` says "Abort." and the build
    fails, often after the whole installation of the system, and only on the day on which there is something
    to ask about. `packer validate` reads no scripts.

    The rule reads `inline` and the script files of `shell` steps, for `apt`, `apt-get`, `aptitude`, `yum`,
    `dnf`, `zypper`, `pacman` and `pkg`. Nothing is said where `yes` or something else is piped into the
    command, where a configuration answers for all, such as `APT::Get::Assume-Yes`, and where the options come
    from a variable of the shell. `DEBIAN_FRONTEND=noninteractive` alone does not answer: it keeps packages,
    not `apt-get`, from asking.

    Say yes in the command. The fix does so.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell
    https://manpages.debian.org/stable/apt/apt-get.8.en.html
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("shell",)

    examples = (
        Bad(
            """
            source "docker" "web" {
              image  = "debian:13"
              commit = true
            }
            build {
              sources = ["docker.web"]
              provisioner "shell" {
                inline = [
                  "apt-get update",
                  "apt-get -q install nginx curl", # finding: `apt-get install` asks before it goes on
                  "if ! which jq; then sudo -E apt install jq; fi", # finding: `apt install` asks
                ]
              }
            }
            """,
            fixed="""
            source "docker" "web" {
              image  = "debian:13"
              commit = true
            }
            build {
              sources = ["docker.web"]
              provisioner "shell" {
                inline = [
                  "apt-get update",
                  "apt-get -q install -y nginx curl",
                  "if ! which jq; then sudo -E apt install -y jq; fi",
                ]
              }
            }
            """,
        ),
        Bad(
            {
                "web.pkr.hcl": """
                source "docker" "web" {
                  image  = "opensuse/leap"
                  commit = true
                }
                build {
                  sources = ["docker.web"]
                  provisioner "shell" {
                    script = "install.sh"
                  }
                }
                """,
                "install.sh": """
                #!/bin/bash -e
                zypper refresh
                zypper install nginx # finding: `zypper install` asks before it goes on
                pacman -Syu # finding: `pacman -Syu` asks before it goes on
                bash -c 'dnf upgrade' # finding: `dnf upgrade` asks before it goes on
                """,
            },
            fixed={
                "install.sh": """
                #!/bin/bash -e
                zypper refresh
                zypper --non-interactive install nginx
                pacman -Syu --noconfirm
                bash -c 'dnf upgrade -y'
                """,
            },
        ),
        Good(
            """
            source "docker" "web" {
              image  = "debian:13"
              commit = true
            }
            build {
              sources = ["docker.web"]
              provisioner "shell" {
                inline = [
                  "apt-get -qq install nginx && apt-get --yes -o Dpkg::Use-Pty=0 upgrade",
                  "yes | apt-get install jq",
                  "apt-get $OPTIONS install curl",
                  "echo apt-get install vim",
                  "# apt-get install vim",
                  "apt-cache policy vim; apt-get clean; apt list --upgradable",
                  "dnf -y install nginx; yum -q -y update; pacman -Sy; pacman -Qi bash",
                  "sudo zypper -n in nginx; zypper -nq in nginx; apk add nginx; microdnf install nginx",
                  "apt-get -q -q install jq; apt-get --quiet=2 install jq; apt-get install -y$MORE jq",
                  "dnf group list; yum groups mark install web; dnf group install -y web",
                ]
              }
              provisioner "shell" {
                inline_shebang = "/usr/bin/python3"
                inline         = ["apt.install(nginx)"]
              }
            }
            """
        ),
        Good(
            """
            source "docker" "web" {
              image  = "debian:13"
              commit = true
            }
            build {
              sources = ["docker.web"]
              provisioner "shell" {
                inline = [
                  "echo 'APT::Get::Assume-Yes \\"true\\";' > /etc/apt/apt.conf.d/90yes",
                  "apt-get install nginx",
                ]
              }
              provisioner "shell" {
                inline = ["apt-get install curl"]
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        for step in build.provisioners:
            if step.type != "shell":
                continue
            for script in scripts(step.arguments, configuration):
                if _AGREED.search(script.text or ""):
                    return  # it may answer for all that comes after
                if not script.mentions(MANAGERS):
                    continue
                for command in script.commands():
                    yield from _asking(command, script, step)


def _asking(command: Command, script: StepScript, step: Provisioner) -> Iterator[Finding]:
    manager = MANAGERS.get(command.name or "")
    if manager is None or command.fed_by is not None or command.input is not None:
        return
    if any(name == "ASSUME_ALWAYS_YES" for name, _ in command.assignments):
        return
    words = command.words[1:]
    if any(word.text is None and word.raw.lstrip('"').startswith(("$", "`", "-")) for word in words):
        return  # a variable may bring the answer
    asks = _pacman(words) if manager is _PACMAN else _subcommand(words, manager)
    quiet = manager is _APT and sum(word.text == "-q" for word in words) > 1
    if asks is None or quiet or any(_agrees(word, manager) for word in words):
        return
    place = script.range(command.words[0].start, command.words[-1].end)
    related = (Related(step.header_range, "the step that runs it"),) if script.file is not None else ()
    yield Finding(
        place,
        f"`{command.name} {asks.text}` asks before it goes on, and nobody is there to answer",
        related=related,
        hint=f"write `{manager.answer}`",
        fix=_fix(command.words[0] if manager.global_ else asks, manager.answer, script),
    )


def _subcommand(words: Sequence[Word], manager: Manager) -> Word | None:
    """The first word that is no option, where it is one at which the manager asks."""
    value, first = False, None
    for word in words:
        text = word.text or ""
        if value or (text.startswith("-") and len(text) > 1):
            value = not value and text in manager.valued
        elif first is not None:
            return first if text in _GROUPS else None
        elif text not in ("group", "groups"):
            return word if text in manager.asking else None
        else:
            first = word
    return None


def _pacman(words: Sequence[Word]) -> Word | None:
    """The operation, where it asks."""
    for word in words:
        text = word.text or ""
        if _PACMAN_ASKS.fullmatch(text):
            return word
        if re.fullmatch(r"-S[y]*|--sync", text):
            return word if any(not (it.text or "-").startswith("-") for it in words) else None
    return None


def _agrees(word: Word, manager: Manager) -> bool:
    text = word.text or ""
    return len(text) <= _LONGEST and any(re.fullmatch(pattern, text) for pattern in manager.agreeing)


def _fix(after: Word, answer: str, script: StepScript) -> Fix | None:
    """The answer behind a word; None where that is not written as the shell reads it."""
    if script.range(after.start, after.end).text != after.raw:
        return None
    place = script.range(after.end, after.end)
    return Fix(f"write `{answer}`", (Edit(place, f" {answer}"),))
