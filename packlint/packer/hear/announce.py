"""A step of a build → the lines by which it makes itself known in Packer's output.

A provisioner says what it begins in words of its own; nothing in the output names the block. Where the words
come from stands beside them: files of hashicorp/packer 1.6.6 and 1.16.0, or of the plugin that it became.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.duration import seconds
from packlint.effective import EffectiveStep
from packlint.model import Arguments
from packlint.record import field, record
from packlint.value import Unknown, Value

MOST_SAID = 4096
"""Characters of a text that are compared with what a step says."""


@record
class Mark:
    """One line of a step. `what` is what its pattern's group must be, None for anything."""

    pattern: re.Pattern[str]
    what: str | re.Pattern[str] | None = None
    optional: bool = False

    def matches(self, text: str) -> int:
        """How well a text, as `plain` makes it, is this line.

        3 stands for a name that is in the template, 2 for one that may be the step's, 1 for a file of the
        same name elsewhere: Packer may have been started from another directory than packlint thinks.
        """
        found = self.pattern.fullmatch(text)
        if found is None or self.what is None:
            return 2 if found else 0
        said = found["what"]
        if isinstance(self.what, re.Pattern):
            return 2 if self.what.fullmatch(said) else 0
        return 3 if said == self.what else int(_file(said) == _file(self.what))


@record
class Way:
    """Lines that a step says in this order, then `loop` as often as it likes."""

    marks: tuple[Mark, ...] = ()
    loop: Mark | None = None

    def over(self, said: int) -> bool:
        """Whether a step that has said so many of its lines may have no more to say."""
        return all(mark.optional for mark in self.marks[said:])

    @property
    def all(self) -> tuple[Mark, ...]:
        """The marks with that of the loop."""
        return self.marks if self.loop is None else (*self.marks, self.loop)


@record
class Manner:
    """How a type of provisioner speaks.

    `opening` is said first, then `each` for what each of the arguments `named` names and `inline` may make
    a file for, whose name `made` matches. `failure` is how its errors begin. One that is `late` may fail
    before it has said anything, and one that is not `fallible` does not fail at all.
    """

    opening: re.Pattern[str] | None = None
    each: re.Pattern[str] | None = None
    named: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    made: re.Pattern[str] | None = None
    again: re.Pattern[str] | None = None
    failure: re.Pattern[str] | None = None
    skips: re.Pattern[str] | None = None
    late: bool = False
    fallible: bool = True


def _said(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


_EXIT = r"Script exited with non-zero exit status: "
"""packer-plugin-sdk/shell/exit_code.go, of everything that runs scripts."""
_SCRIPT = rf"{_EXIT}|Error (?:opening shell script|processing command|uploading script): "
_TEMPORARY = r"(?:.*[/\\])?(?:packer-)?"
_STAGED = r"(?:creating|uploading|removing|inspecting|copying|executing|installing|cleaning up) "

MANNERS = {
    "shell": Manner(  # provisioner/shell/provisioner.go
        each=_said(r"Provisioning with shell script: (?P<what>.*)"),
        named=("script", "scripts"),
        inline=("inline",),
        made=_said(rf"{_TEMPORARY}shell\d+"),
        failure=_said(
            rf"{_SCRIPT}|Script disconnected unexpectedly|Disconnect while removing temporary script"
            r"|Error (?:chmodding script file to 0755|removing temporary script)"
        ),
    ),
    "shell-local": Manner(  # packer-plugin-sdk/shell-local/run.go
        each=_said(r"Running local shell script: (?P<what>.*)"),
        named=("script", "scripts"),
        inline=("inline", "command"),
        made=_said(rf"{_TEMPORARY}shell\d+(?:\..*)?"),
        failure=_said(rf"{_EXIT}|Error executing script: "),
        skips=_said(r"Skipping shell-local due to runtime OS"),
    ),
    "windows-shell": Manner(  # provisioner/windows-shell/provisioner.go
        opening=_said(r"Provisioning with windows-shell\.\.\."),
        each=_said(r"Provisioning with shell script: (?P<what>.*)"),
        named=("script", "scripts"),
        inline=("inline",),
        made=_said(rf"{_TEMPORARY}windows-shell-provisioner\d+"),
        failure=_said(_SCRIPT),
    ),
    "powershell": Manner(  # provisioner/powershell/provisioner.go; `shell script` before 1.5
        opening=_said(r"Provisioning with Powershell\.\.\."),
        each=_said(r"Provisioning with (?:power)?shell script: (?P<what>.*)"),
        named=("script", "scripts"),
        inline=("inline",),
        made=_said(rf"{_TEMPORARY}powershell-provisioner\d+.*"),
        failure=_said(
            rf"{_SCRIPT}|Error (?:stating|opening) powershell script: |Error uploading ps script containing"
            r"|Error (?:generating elevated runner|preparing powershell script): "
        ),
    ),
    "file": Manner(  # provisioner/file/provisioner.go
        each=_said(r"(?:Upload|Download)ing (?P<what>.*?) => .*"),
        named=("source", "sources"),
        inline=("content",),
        made=_said(r"(?:.*[/\\])?pkr-file-content\d+"),
        failure=_said(r"(?:Upload|Download) failed: "),
    ),
    "windows-restart": Manner(  # provisioner/windows-restart/provisioner.go
        opening=_said(r"Restarting Machine"),
        failure=_said(
            r"Restart script exited with non-zero exit status: |Timeout waiting for machine to restart"
            r"|Communicator wait canceled|Interrupt detected, quitting waiting for machine"
        ),
    ),
    "windows-update": Manner(  # rgl/packer-plugin-windows-update update/provisioner.go
        opening=_said(r"(?:Uploading the|Running) Windows update.*"),
        again=_said(r"(?:Uploading the|Running) Windows update.*"),
        failure=_said(r"Windows update script exited with non-zero exit status: "),
    ),
    "breakpoint": Manner(  # provisioner/breakpoint/provisioner.go
        opening=_said(r"Pausing at breakpoint provisioner.*|Breakpoint provisioner.* disabled; continuing.*"),
        failure=_said(r"Error asking for input: "),
    ),
    "sleep": Manner(fallible=False),  # provisioner/sleep/provisioner.go
    "ansible": Manner(  # hashicorp/packer-plugin-ansible provisioner/ansible/provisioner.go
        opening=_said(r"Provisioning with Ansible\.\.\."),
        failure=_said(r"Error executing Ansible(?: Galaxy)?: |Error preparing inventory file: "),
    ),
    "ansible-local": Manner(  # the same, provisioner/ansible-local/provisioner.go
        opening=_said(r"Provisioning with Ansible\.\.\."),
        failure=_said(rf"Error {_STAGED}|Error preparing inventory file: "),
    ),
    "puppet-masterless": Manner(  # provisioner/puppet-masterless/provisioner.go
        opening=_said(r"Provisioning with Puppet\.\.\."),
        failure=_said(rf"Puppet exited with a non-zero exit status: |Error {_STAGED}"),
    ),
    "puppet-server": Manner(  # provisioner/puppet-server/provisioner.go
        opening=_said(r"Provisioning with Puppet\.\.\."),
        failure=_said(rf"Puppet exited with a non-zero exit status: |Error {_STAGED}"),
    ),
    "chef-solo": Manner(  # provisioner/chef-solo/provisioner.go
        opening=_said(r"Provisioning with chef-solo"), failure=_said(rf"Error {_STAGED}")
    ),
    "chef-client": Manner(  # provisioner/chef-client/provisioner.go
        opening=_said(r"Creating configuration file 'client\.rb'"),
        failure=_said(rf"Error {_STAGED}"),
        late=True,
    ),
    "salt-masterless": Manner(  # provisioner/salt-masterless/provisioner.go
        opening=_said(r"Downloading Salt formulas\.\.\.|Provisioning with Salt\.\.\."),
        again=_said(r"Provisioning with Salt\.\.\."),
        failure=_said(r"Error executing salt-call|Unable to (?:create|download|install|move|clear) "),
    ),
    "inspec": Manner(  # provisioner/inspec/provisioner.go
        opening=_said(r"Provisioning with Inspec\.\.\."), failure=_said(r"Error executing Inspec: ")
    ),
    "converge": Manner(  # provisioner/converge/provisioner.go
        opening=_said(r"Provisioning with Converge"),
        failure=_said(r"Error (?:bootstrapping converge|applying \")|Could not find Converge"),
    ),
    "goss": Manner(  # YaleUniversity/packer-plugin-goss packer-provisioner-goss.go
        opening=_said(r"Provisioning with Goss"),
        failure=_said(r"Error (?:running|installing) Goss: |Error uploading goss test: "),
    ),
}

TOO_EARLY = _said(
    r"Error (?:interpolating|preparing shell script|uploading envVarFile|chmodding script file to 0600).*"
)
"""Errors of steps that have not yet said anything."""

_PAUSE = Mark(_said(r"Pausing .* before the next provisioner\.\.\."))
_TIMEOUT = Mark(_said(r"Setting a .* timeout for the next provisioner\.\.\."))


@record(eq=False)
class Speaker:
    """A step with the ways in which it may speak.

    It `repeats` where it stands for an unknown number of steps, and may be `absent`.
    """

    step: EffectiveStep
    ways: tuple[Way, ...]
    manner: Manner | None = None
    absent: bool = False
    repeats: bool = False
    silent: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "silent", self.absent or any(way.over(0) for way in self.ways))


def speaker(step: EffectiveStep) -> Speaker:
    """How a provisioner makes itself known; one of an unknown type is taken to say nothing.

    What Packer does for every provisioner it says before that (packer/provisioner.go,
    packer/provisioner_timeout.go): it sets no timeout for one that pauses (hcl2template, packer/core.go).
    """
    manner = MANNERS.get(step.step.type)
    before = tuple(_wrapping(step.step.meta))
    ways = _ways(manner, step.arguments) if manner else (Way(),)
    repeats = not step.certain and bool(step.step.dynamics)
    spoken = tuple(Way(before + way.marks, way.loop) for way in ways)
    return Speaker(step, spoken, manner, absent=not step.certain, repeats=repeats)


def plain(text: str) -> str:
    r"""A text as marks compare it: what may be an escape of Packer's or its own is written as `\n`, `\r`."""
    return text[:MOST_SAID].rstrip().replace("\r", "\\r").replace("\n", "\\n")


def _file(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _wrapping(meta: Arguments) -> Iterator[Mark]:
    pauses, times = (_is_time(meta.worth(name)) for name in ("pause_before", "timeout"))
    if times is not False and pauses is not True:
        yield Mark(_TIMEOUT.pattern, optional=times is None or pauses is None)
    if pauses is not False:
        yield Mark(_PAUSE.pattern, optional=pauses is None)


def _is_time(value: Value | None) -> bool | None:
    if value is None or value.zero:
        return False
    text = value.known(str)
    return None if text is None else bool(seconds(text))


def _ways(manner: Manner, arguments: Arguments) -> tuple[Way, ...]:
    marks = () if manner.opening is None else (Mark(manner.opening),)
    if manner.each is None:
        return (Way(marks, Mark(manner.again) if manner.again else None),)
    named = tuple(_named(manner, manner.each, arguments))
    if not named or arguments.open or None in named:
        anything = Mark(manner.each)
        ways = [Way((*marks, anything), anything)]
    else:
        ways = [Way(marks + tuple(mark for mark in named if mark))]
    if manner.skips and arguments.may_set("only_on"):
        ways.append(Way((Mark(manner.skips),)))
    return tuple(ways)


def _named(manner: Manner, each: re.Pattern[str], arguments: Arguments) -> Iterator[Mark | None]:
    """A mark for each thing that a step says it begins with; None where their number is not known."""
    # A directory ends a download, whatever sources follow (provisioner/file/provisioner.go).
    ends = arguments.may_set("direction") and arguments.known("direction", str) != "upload"
    count = 0
    for name in manner.named:
        value = arguments.worth(name)
        if value is None or value.zero:
            continue
        items = value.items if name.endswith("s") else (value,)
        if items is None:
            yield None
            return
        for item in items:
            text = None if isinstance(item, Unknown) else item.known(str)
            yield Mark(each, None if text is None else plain(text), optional=ends and count > 0)
            count += 1
    if any(map(arguments.may_set, manner.inline)):
        yield Mark(each, manner.made)
