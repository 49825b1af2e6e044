"""The text of a boot command → the keys that Packer presses, the pauses, and what it types as it stands.

The grammar is that of hashicorp/packer-plugin-sdk, bootcommand/boot_command.pigeon. Whatever is none of its
groups is typed character by character.
"""

from __future__ import annotations

import re
from _bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from operator import itemgetter

from packlint.document import Range
from packlint.model import Arguments
from packlint.named import NamedTuple
from packlint.pattern import pattern
from packlint.record import record
from packlint.spelling import Spelling, spelled
from packlint.syntax import Expression, elements
from packlint.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

KEYS = (
    *("bs", "del", "enter", "esc", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12"),
    *("return", "tab", "up", "down", "spacebar", "insert", "home", "end", "pageUp", "pageDown", "menu"),
    *("left", "right", "leftAlt", "leftCtrl", "leftMeta", "leftShift", "leftSuper"),
    *("rightAlt", "rightCtrl", "rightMeta", "rightShift", "rightSuper"),
)
"""The names of keys that are no single character; their letter case does not count."""

BUILDERS = frozenset(
    {
        *("hyperv-iso", "hyperv-vmcx", "parallels-iso", "parallels-pvm", "proxmox-clone", "proxmox-iso"),
        *("qemu", "virtualbox-iso", "virtualbox-ovf", "virtualbox-vm", "vmware-iso", "vmware-vmx"),
        *("vsphere-clone", "vsphere-iso", "xenserver-iso"),
    }
)
"""Builders that type by this grammar; others, such as `tart-cli`, have one of their own."""

UNKNOWN = "\0"
"""Stands in a text for what is not known."""

_NUMBER = r"(?:0|[1-9][0-9]*+)"
_GROUP = (
    rf"<(?:(?P<wait>wait(?P<time>(?:-?{_NUMBER}(?:\.[0-9]++)?(?:ns|us|µs|ms|s|m|h))+|{_NUMBER})?)"
    r"|(?P<character>.)(?P<how>(?ai:on|off))"
    rf"|(?P<key>(?ai:{'|'.join(sorted(KEYS, key=len, reverse=True))}))(?P<way>(?ai:on|off))?)>"
)
_SPECIAL = pattern(rf"\{{\{{|{UNKNOWN}|<")


class Key(NamedTuple):
    """A stretch of a boot command, from `start` to `end` of its text.

    `name` is the key in lower case (`press`; `on` and `off` where it is held and let go), what a `wait` has
    after its name, and otherwise the stretch itself: `text` is typed, an `action` is one of Go's templates,
    and of what is `unknown` nothing can be told.
    """

    kind: Literal["text", "wait", "press", "on", "off", "action", "unknown"]
    name: str
    start: int
    end: int


def keys(text: str) -> Iterator[Key]:
    """The stretches of a text, in order, without gaps; neighbouring characters that are typed are one."""
    typed = at = 0
    while (special := _SPECIAL.search(text, at)) is not None:
        key = _key(text, special.start())
        if key is None:
            at = special.end()
            continue
        if typed < key.start:
            yield Key("text", text[typed : key.start], typed, key.start)
        yield key
        typed = at = key.end
    if typed < len(text):
        yield Key("text", text[typed:], typed, len(text))


@cache
def _group() -> re.Pattern[str]:
    return re.compile(_GROUP, re.DOTALL)


def _key(text: str, at: int) -> Key | None:
    """What is not typed at an offset; an action that nothing closes goes on to the end."""
    if text.startswith(UNKNOWN, at):
        return Key("unknown", UNKNOWN, at, at + 1)
    if text.startswith("{{", at):
        closing = text.find("}}", at)
        end = closing + 2 if closing >= 0 else len(text)
        return Key("action", text[at:end], at, end)
    group = _group().match(text, at)
    if group is None:
        return None
    if group["wait"]:
        return Key("wait", group["time"] or "", at, group.end())
    way = (group["way"] or group["how"] or "").lower()
    name = group["character"] or group["key"].lower()
    return Key("on" if way == "on" else "off" if way else "press", name, at, group.end())


@record
class Command:
    """A boot command: its `text`, which is what all strings of a list give together."""

    text: str
    strings: tuple[tuple[int, Spelling], ...]

    def range(self, start: int, end: int) -> Range:
        """Where a stretch is written, as near as it can be told; one of several strings lies in the first."""
        first, string = self.strings[bisect_right(self.strings, start, key=itemgetter(0)) - 1]
        return string.range(start - first, min(end - first, len(string.text)))


def commands(arguments: Arguments) -> Iterator[Command]:
    """The boot commands of a builder: `boot_command`, or each of its `boot_steps`, so far as they are known.

    What is not known of a text, or not to be shown, is `UNKNOWN` in it.
    """
    argument = arguments.get("boot_command")
    if argument is not None:
        yield from _command(argument.expression, argument.value)
    steps = arguments.get("boot_steps")
    if steps is not None:
        for place, step in _items(steps.expression, steps.value):
            # A step is its command and a word about it.
            yield from _command(place, step, 1)


def _command(expression: Expression, value: Value, most: int | None = None) -> Iterator[Command]:
    strings: list[tuple[int, Spelling]] = []
    at = 0
    for place, item in _items(expression, value)[:most]:
        shown = not item.sensitive and not value.sensitive
        string = spelled(place, item, UNKNOWN) if shown else Spelling(UNKNOWN, place.range, whole=False)
        strings.append((at, string))
        at += len(string.text)
    if strings:
        yield Command("".join(string.text for _, string in strings), tuple(strings))


def _items(expression: Expression, value: Value) -> list[tuple[Expression, Value]]:
    """The elements of a list, each with its place."""
    items = value.items or ()
    return [*zip(elements(expression, len(items)), items, strict=True)]
