"""A source → where it writes what it makes, and when two values are the same in one run of Packer."""

from __future__ import annotations

import posixpath

from packlint.model import Argument, Arguments, SourceUse
from packlint.named import NamedTuple
from packlint.syntax import Expression, Template, Text, Traversal
from packlint.traits import builder
from packlint.value import Failure

OUTPUT_ARGUMENTS = {
    **dict.fromkeys(
        (
            *("virtualbox-iso", "virtualbox-ovf", "virtualbox-vm", "vmware-iso", "vmware-vmx", "qemu"),
            *("hyperv-iso", "hyperv-vmcx", "parallels-iso", "parallels-pvm", "parallels-ipsw"),
            *("parallels-macvm", "utm-iso", "utm-utm", "utm-cloud", "bhyve", "lxc"),
        ),
        "output_directory",
    ),
    "vagrant": "output_dir",
}
"""Builders that write into a directory, `output-<name of the source>` where none is given, and its argument.

(`OutputConfig.Prepare` of the plugins: `fmt.Sprintf("output-%s", PackerBuildName)`, and in HCL Packer gives
them the name of the source for that, hcl2template/types.source.go.)
"""

TIMED = frozenset({"virtualbox-ovf", "vmware-vmx", "parallels-pvm", "parallels-macvm"})
"""Builders whose own `vm_name` ends in the time of the run: `packer-<name of the source>-<seconds>`."""


class Output(NamedTuple):
    """The directory that a source writes into.

    `key` is equal for the same directory in one run. `path` is the normalised path, None where only a run
    knows it or it is not to be shown; `argument` says so, None for the plugin's own.
    """

    key: str
    path: str | None
    argument: Argument | None


def output_of(use: SourceUse) -> Output | None:
    """Where a source writes; None where that is not known, or is no directory of this machine."""
    if use.source is None or "remote_type" in use.arguments:
        return None
    return output(use.type, use.name, use.arguments)


def output(type_: str, name: str, arguments: Arguments) -> Output | None:
    """The same of a builder's type, the name of its source and its arguments."""
    known = builder(type_)
    argument_name = OUTPUT_ARGUMENTS.get(known.type if known else type_)
    if argument_name is None:
        return None
    argument = arguments.get(argument_name)
    if argument is None or argument.value.zero:
        path = f"output-{name}"
        return Output(path, path, None)
    text = argument.worth.text
    if text:
        path = posixpath.normpath(text.replace("\\", "/"))
        return Output(path, None if argument.value.sensitive else path, argument)
    key = same_in_a_run(argument)
    return Output(key, None, argument) if key else None


def same_in_a_run(argument: Argument) -> str | None:
    """A key that is equal for arguments of one template which are sure to have the same value in a run.

    That is the value where it is known, and else what is written, where it speaks of nothing but variables,
    locals and data sources and has no place for what differs from one source to the next.
    """
    text = argument.worth.text
    if text is not None:
        return f"={text}"
    if isinstance(argument.value, Failure) or argument.value.to_be_supplied or argument.rendered is not None:
        return None
    written = argument.expression.range.text
    return (
        f"~{' '.join(written.split())}" if "{{" not in written and _of_the_run(argument.expression) else None
    )


def _of_the_run(expression: Expression) -> bool:
    if isinstance(expression, Template):
        said = any(isinstance(part, Text) and part.value for part in expression.parts)
        inner = [part for part in expression.parts if not isinstance(part, Text)]
        return said and all(isinstance(part, Traversal) and part.root in _OF_A_RUN for part in inner)
    return isinstance(expression, Traversal) and expression.root == "var"


_OF_A_RUN = frozenset({"var", "local", "data"})
