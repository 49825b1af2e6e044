"""Boot commands → what looks like a key and is typed as it stands, and keys that are never let go."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.boot_command import BUILDERS, KEYS, Command, Key, commands, keys
from packlint.components import Component
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.suggest import suggest

MEANT = {
    "alt": "leftAlt",
    "arrowdown": "down",
    "arrowleft": "left",
    "arrowright": "right",
    "arrowup": "up",
    "backspace": "bs",
    "cmd": "leftSuper",
    "control": "leftCtrl",
    "cr": "enter",
    "ctrl": "leftCtrl",
    "delete": "del",
    "downarrow": "down",
    "escape": "esc",
    "ins": "insert",
    "leftcontrol": "leftCtrl",
    "leftarrow": "left",
    "pgdn": "pageDown",
    "pgdown": "pageDown",
    "pgup": "pageUp",
    "rightcontrol": "rightCtrl",
    "rightarrow": "right",
    "shift": "leftShift",
    "space": "spacebar",
    "super": "leftSuper",
    "uparrow": "up",
    "win": "leftSuper",
    "windows": "leftSuper",
}
"""Names that other programs have for keys."""

NAMES = {name.lower(): name for name in KEYS}

_GROUP = pattern(r"(?<!<)<[ \t]*([A-Za-z][A-Za-z0-9. \t_-]{1,20}?)[ \t]*(>|(?=<)|\Z)")
_WAIT = pattern(r"(0*[0-9]+(?:\.[0-9]+)?)(?:(ms|millis?)|(s|secs?|seconds?)?|(m|mins?|minutes?))")
_UNITS = ("ms", "s", "m")


class BootCommandUnknownKey(Rule):
    """Flags groups in a boot command that are no key, and are typed.

    In `boot_command` Packer presses `<enter>` and waits for `<wait10s>`. A group that its grammar does not
    have is no error: its characters are typed into the installer one by one, `<entr>` as six of them, and the
    installation stops at the prompt where a key was meant. Letter case does not count in the names of keys,
    but `wait` is written in lower case, takes no blanks, and a number with a fraction needs its unit. A group
    without its `>` is typed too.

    A key that is held by `<leftCtrlOn>` stays down until the machine restarts unless `<leftCtrlOff>` follows;
    that is a warning.

    Write the key by its name. The rule looks only at what resembles a key, and only at builders that use the
    boot commands of Packer's SDK; `tart-cli` and others have their own.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://github.com/hashicorp/packer-plugin-sdk/blob/main/bootcommand/boot_command.pigeon
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("boot_command", "boot_steps")

    examples = (
        Bad(
            """
            source "virtualbox-iso" "debian" {
              boot_command = [
                "<esc><Wait10>", # finding: `<Wait10>` is no key
                "auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<entr>", # finding: `<entr>`
                "<wait1.5><leftCtrlOn>x", # finding: `<wait1.5>`
                "<f10><leftCtrlOff><space>", # finding: `<space>` is no key
              ]
            }
            """,
            fixed="""
            source "virtualbox-iso" "debian" {
              boot_command = [
                "<esc><wait10>",
                "auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>",
                "<wait1.5s><leftCtrlOn>x",
                "<f10><leftCtrlOff><spacebar>",
              ]
            }
            """,
        ),
        Good(
            """
            variable "pause" {
              default = "10s"
            }
            source "qemu" "debian" {
              boot_command = [
                "<esc><wait${var.pause}><wait5><wait1m30s><wait500ms>",
                "<leftAltOn><F2><leftAltOff><RETURN><PageDown><spacebar>",
                "cat > /tmp/site.xml <<EOF<enter><title>a home</title><enter>EOF<enter>",
                "mount <device> /mnt<enter><cOn><cOff>",
              ]
            }
            source "tart-cli" "macos" {
              boot_command = ["<wait60s><click 'Continue'><space>"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        if component.kind == "builder" and component.name in BUILDERS:
            for command in commands(component.arguments):
                pressed = tuple(keys(command.text))
                yield from _typed(command, pressed)
                yield from _held(command, pressed)


def _typed(command: Command, pressed: tuple[Key, ...]) -> Iterator[Finding]:
    """The groups among what is typed that were meant to be keys."""
    for number, key in enumerate(pressed):
        if key.kind != "text":
            continue
        following = pressed[number + 1].kind if number + 1 < len(pressed) else "text"
        for group in _GROUP.finditer(key.name):
            open_end = not group[2] and group.end() == len(key.name)
            if open_end and following in ("unknown", "action"):
                continue
            closed = bool(group[2])
            meant = _meant(group[1], closed)
            if meant is not None and f"</{group[1]}" not in command.text:
                yield _finding(command, key.start + group.start(), group[0], meant)


def _finding(command: Command, start: int, group: str, meant: str) -> Finding:
    where = command.range(start, start + len(group))
    fix = None
    if meant and where.text == group:
        fix = Fix(f"write `{meant}`", (Edit(where, meant),), safe=False)
    hint = f"did you mean `{meant}`?" if meant else "a pause is written `<wait>`, `<wait5>` or `<wait1m30s>`"
    return Finding(
        where, f"`{group}` is no key of a boot command: Packer types it as it stands", hint=hint, fix=fix
    )


def _meant(name: str, closed: bool) -> str | None:
    """The group that was meant by a name, empty for a pause that cannot be read; None where none was."""
    folded = re.sub(r"[\s_-]", "", name).lower()
    if folded.startswith("wait"):
        return _pause(folded[4:])
    if folded in NAMES:
        return f"<{NAMES[folded]}>"
    for way in ("On", "Off"):
        stem = folded.removesuffix(way.lower())
        if stem != folded and (near := NAMES.get(stem) or MEANT.get(stem)):
            return f"<{near}{way}>"
    if not closed:
        return None
    near = MEANT.get(folded) or (suggest(folded, KEYS) if len(folded) > 3 else None)
    return f"<{near}>" if near else None


def _pause(time: str) -> str | None:
    if len(time) < 2 and not time.isdigit():
        return "<wait>"
    if re.fullmatch(r"[1-9][0-9]*", time):
        return f"<wait{time}>"
    match = _WAIT.fullmatch(time)
    if match is not None:
        unit = "ms" if match[2] else "m" if match[4] else "s"
        return f"<wait{match[1].lstrip('0') or '0'}{unit}>"
    return "" if time[0].isdigit() else None


def _held(command: Command, pressed: tuple[Key, ...]) -> Iterator[Finding]:
    """The keys that are held and not let go in all that follows."""
    held: dict[str, Key] = {}
    for key in pressed:
        if key.kind == "unknown":
            held.clear()
        elif key.kind == "on":
            held.setdefault(key.name, key)
        elif key.kind == "off":
            held.pop(key.name, None)
    for key in held.values():
        written = command.text[key.start : key.end]
        off = written[:-3] + "Off>"
        yield Finding(
            command.range(key.start, key.end),
            f"`{written}` holds the key until the machine restarts: no `{off}` follows",
            hint=f"add `{off}` where the key is to be let go",
            softened=1,
        )
