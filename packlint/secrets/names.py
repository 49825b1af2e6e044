"""Names and values → whether a name is one of a secret, and whether a value is no more than a stand-in."""

from __future__ import annotations

import re
from functools import lru_cache

from packlint.pattern import pattern

GUEST = frozenset({"ssh_password", "winrm_password", "elevated_password", "vnc_password", "vm_vnc_password"})
"""Arguments with the password of the machine that is being made, which its installer sets."""

_OF_ARGUMENTS = (
    *("password", "_pass", "_passwd", "_passphrase", "_pass_phrase", "_token", "_secret", "_secret_key"),
    *("_secret_access_key", "_api_key", "_private_key", "_key_material"),
)
_OF_VARIABLES = (
    *("password", "_pass", "_secret", "_token", "_api_key", "_apikey", "_private_key", "_secret_key"),
    "_secret_access_key",
)
"""How names of secrets end, an underscore thought before them."""

_SWITCHES = ("use", "disable", "enable", "enabled", "has", "no", "require", "skip", "reset", "generate")
"""What a name with one of these holds is true or false, unless it is the last word."""

_OF_CAMEL_CASE = pattern(r"(?<=[a-z0-9])(?=[A-Z])")

_LETTERS = str.maketrans("@4310$5!", "aaeiossi")
_NO_DASHES = str.maketrans("", "", "-_")
_WORDS = (
    *("vagrant", "packer", "root", "toor", "admin", "administrator", "user", "guest", "default", "test"),
    *("password", "passwd", "pass", "changeme", "change", "me", "changeit", "secret", "temp", "live"),
    *("ubuntu", "debian", "centos", "fedora", "rocky", "alma", "almalinux", "alpine", "arch", "archlinux"),
    *("kali", "opensuse", "suse", "redhat", "rhel", "oracle", "gentoo", "nixos", "linux", "macos", "windows"),
    *("freebsd", "openbsd", "netbsd", "pfsense", "opnsense", "truenas", "osboxes", "vbox", "virtualbox"),
    *("vmware", "qemu", "parallels", "build", "builder", "installer", "install", "setup", "automation"),
    *("runner", "ansible", "cloud", "lab", "demo", "welcome", "opennebula", "p", "ssw", "my"),
)
_WELL_KNOWN = frozenset((*_WORDS, *"-_. "))
_LENGTHS = range(max(map(len, _WORDS)), 0, -1)
_LONGEST = 1024
"""No password is longer that everybody knows."""
_TAIL = pattern(r"(?<![\d!.#*])[\d!.#*]+\Z")

_STAND_IN = pattern(
    r"<.*>|\[.*\]|\{.*\}|[.*xX?-]+|[$%].*"
    r"|.*(?:\b|_)(?:your|my)[-_ ].*|your.*|.*here|(?:.*[-_ ])?(?:replace|insert|enter|fill|redacted|dummy"
    r"|placeholder|example|todo|fixme|xxx+|none|null|unset|unused|undefined)(?:[-_ ].*)?|replaceme.*",
    re.IGNORECASE | re.DOTALL,
)
_PERHAPS_STAND_IN = (
    *("your", "my", "here", "replace", "insert", "enter", "fill", "redacted", "dummy", "placeholder"),
    *("example", "todo", "fixme", "xxx", "none", "null", "unset", "unused", "undefined"),
)
"""Of these, one is in every stand-in that is no pair of brackets, nor signs alone."""

_KEPT_ELSEWHERE = (
    *("ENC[", "$ANSIBLE_VAULT", "vault:", "arn:", "op://", "ssm:", "secretsmanager:", "projects/", "http://"),
    *("https://", "file:", "/", "~/", "./", "~~/", "~./", ".~/", "../"),
)
"""What the way to a secret begins with."""


@lru_cache(maxsize=1024)
def takes_secret(argument: str) -> bool:
    """Whether an argument of a component takes a secret; an access key's *id* is none.

    `*_file`, `*_path`, `*_name` and their like only lead to one, and `use_password` is a switch.
    """
    return _ends(argument, _OF_ARGUMENTS)


def holds_secret(variable: str) -> bool:
    """Whether a variable is named as one that holds a secret: `ssh_password`, `apiToken`."""
    if (name := variable) != variable.lower():
        name = _OF_CAMEL_CASE.sub("_", variable).lower()
    name = name.replace("-", "_")
    return _ends(name, _OF_VARIABLES)


def _ends(name: str, endings: tuple[str, ...]) -> bool:
    """Whether a name ends in one of these and is none of a switch."""
    whole = f"_{name}"
    return (
        whole.endswith(endings) and "\n" not in name and not any(f"_{word}_" in whole for word in _SWITCHES)
    )


def is_of_secret(name: str) -> bool:
    """Whether a name is one of a secret, whatever is called so: a variable, an argument, a key of a map."""
    return holds_secret(name) or takes_secret(name.lower())


def is_stand_in(value: str, name: str) -> bool:
    """Whether a value is no secret: empty, a place to fill in, encrypted, or the way to where one is kept."""
    stripped = value.strip()
    if not stripped or "{{" in value or "${" in value or _is_place(stripped):
        return True
    if "\n" not in stripped and (stripped.startswith(_KEPT_ELSEWHERE) or _has_drive(stripped)):
        return True
    same = stripped.translate(_NO_DASHES).replace(" ", "").lower() == name.translate(_NO_DASHES).lower()
    return same and not is_throw_away(stripped)


def _is_place(text: str) -> bool:
    """Whether a text says that something is to be filled in."""
    lowered = text.lower()
    if text.isascii() and text[0] not in "<[{$%" and not any(it in lowered for it in _PERHAPS_STAND_IN):
        return not text.strip(".*xX?-")
    return _STAND_IN.fullmatch(text) is not None


def _has_drive(text: str) -> bool:
    return text[1:3] in (":\\", ":/") and text[0].isascii() and text[0].isalpha()


def is_throw_away(value: str) -> bool:
    """Whether a password is one that everybody knows, such as `vagrant` or `Passw0rd!`."""
    lowered = value.lower()
    plain = lowered.rstrip("0123456789!.#*") if lowered.isascii() else _TAIL.sub("", lowered)
    return _is_of_known_words(plain) or _is_of_known_words(plain.translate(_LETTERS))


def _is_of_known_words(text: str) -> bool:
    """Whether nothing else is in a text; the longest that fits is kept: `changeme` is never tried as two."""
    at = 0
    while at < len(text) <= _LONGEST:
        word = next((it for n in _LENGTHS if (it := text[at : at + n]) in _WELL_KNOWN), "")
        if not word:
            return False
        at += len(word)
    return 0 < at == len(text)
