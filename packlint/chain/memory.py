"""A source → the memory that its machine takes on the host, in megabytes."""

from __future__ import annotations

import re
from itertools import pairwise

from packlint.chain.host import local
from packlint.model import Arguments, SourceUse
from packlint.named import NamedTuple
from packlint.traits import builder
from packlint.value import Value

DEFAULT = 512
"""Megabytes of a machine for which the plugin, or what it was made from, has its own."""


class Size(NamedTuple):
    """An argument for memory: `unit` is 1 of it in megabytes, `default` what a machine has without it."""

    argument: str
    default: int
    unit: int = 1


SIZES = {
    "virtualbox-iso": Size("memory", 512),
    "vmware-iso": Size("memory", 512),
    "qemu": Size("memory", 512),
    "libvirt": Size("memory", 512),
    "hyperv-iso": Size("memory", 1024),
    "hyperv-vmcx": Size("memory", 1024),
    "parallels-iso": Size("memory", 512),
    "parallels-ipsw": Size("memory", 512),
    "utm-iso": Size("memory", 512),
    "utm-cloud": Size("memory", 512),
    "tart-cli": Size("memory_gb", DEFAULT, 1024),
}
"""Builders whose arguments say it; the defaults are those of their `HWConfig.Prepare`."""

CLONES = frozenset(
    {"virtualbox-ovf", "virtualbox-vm", "vmware-vmx", "parallels-pvm", "parallels-macvm", "utm-utm"}
)
"""Builders whose machines have the memory of those they were made from."""

LATER = {
    "virtualbox": ("vboxmanage", "--memory"),
    "parallels": ("prlctl", "--memsize"),
    "qemu": ("qemuargs", "-m"),
}
"""Commands by which a template sets it after all, by the provider."""


class Memory(NamedTuple):
    """What a machine takes; `certain` is False where that is a guess."""

    megabytes: int
    certain: bool


def memory(use: SourceUse) -> Memory | None:
    """The memory of a source's machine; None where it takes none of this host, or has no machine."""
    known = builder(use.type)
    if known is None or not local(use) or not (known.type in SIZES or known.type in CLONES):
        return None
    later = _later(use.arguments, known.provider)
    if later is not None:
        return later
    size = SIZES.get(known.type)
    if size is None or size.argument not in use.arguments:
        return Memory(size.default if size else DEFAULT, size is not None and known.type != "tart-cli")
    value = number(use.arguments.value(size.argument))
    # 0 and less are not given: the plugins take their own.
    return Memory(size.default, False) if value is None else Memory(value * size.unit or size.default, True)


def number(value: Value | None) -> int | None:
    """A number from 0 on, as an argument or a text has it."""
    if value is None:
        return None
    number, text = value.known(int), value.known(str)
    if number is None and text is not None and re.fullmatch(r"[0-9]{1,9}", text):
        number = int(text)
    return number if number is not None and number >= 0 else None


def _later(arguments: Arguments, provider: str) -> Memory | None:
    """What a command of the template gives the machine; a guess where the command is not known."""
    if provider == "vmware":
        value = entry_of_vmx(arguments, "memsize")
        return _given(number(value)) if value is not None else None
    if (said := told(arguments, *LATER.get(provider, ("", "")))) is None:
        return None
    if (text := said.known(str) or "").isascii() and text.isdigit() and len(text) < 10:
        return _given(int(text))
    found = re.fullmatch(r"(?:size=)?([0-9]{1,9})([MmGg]?)(?:,.*)?", text)
    return _given(int(found[1]) * (1024 if found[2] in ("G", "g") else 1) if found else None)


def entry_of_vmx(arguments: Arguments, name: str) -> Value | None:
    """What `vmx_data` has under a name."""
    data = arguments.value("vmx_data")
    return (data.entries or {}).get(name) if data else None


def told(arguments: Arguments, name: str, option: str) -> Value | None:
    """What the last of the commands in an argument gives an option; None where none of them has it."""
    commands = arguments.value(name)
    for command in reversed((commands.items or ()) if commands else ()):
        words = command.items or ()
        for word, value in pairwise(words):
            if word.known(str) == option:
                return value
    return None


def _given(megabytes: int | None) -> Memory:
    return Memory(DEFAULT, False) if megabytes is None else Memory(megabytes, True)
