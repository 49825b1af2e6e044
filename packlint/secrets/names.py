"""Names and values → whether a name is one of a secret, and whether a value is no more than a stand-in."""

from __future__ import annotations

import re

GUEST = frozenset({"ssh_password", "winrm_password", "elevated_password", "vnc_password", "vm_vnc_password"})
"""Arguments with the password of the machine that is being made, which its installer sets."""

_ARGUMENT = re.compile(
    r"(?:.*password|(?:.*_)?(?:pass|passwd|passphrase|pass_phrase|token|secret)"
    r"|(?:.*_)?(?:secret_key|secret_access_key|access_key_secret|api_key|private_key|key_material)"
    r"|access_token_secret)"
)
_SWITCH = re.compile(r"(?:^|_)(?:use|disable|enable|enabled|has|no|require|skip|reset|generate)_")
"""What a name with it holds is true or false."""

_VARIABLE = re.compile(
    r"(?:.*password|(?:.*_)?pass|(?:.*_)?(?:secret|token|api_?key|private_key|secret_key|secret_access_key))"
)
_OF_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_LETTERS = str.maketrans("@4310$5!", "aaeiossi")
_WORDS = (
    *("vagrant", "packer", "root", "toor", "admin", "administrator", "user", "guest", "default", "test"),
    *("password", "passwd", "pass", "changeme", "change", "me", "changeit", "secret", "temp", "live"),
    *("ubuntu", "debian", "centos", "fedora", "rocky", "alma", "almalinux", "alpine", "arch", "archlinux"),
    *("kali", "opensuse", "suse", "redhat", "rhel", "oracle", "gentoo", "nixos", "linux", "macos", "windows"),
    *("freebsd", "openbsd", "netbsd", "pfsense", "opnsense", "truenas", "osboxes", "vbox", "virtualbox"),
    *("vmware", "qemu", "parallels", "build", "builder", "installer", "install", "setup", "automation"),
    *("runner", "ansible", "cloud", "lab", "demo", "welcome", "opennebula", "p", "ssw", "my"),
)
# The longest word that fits is kept: `changeme` is never tried as two.
_WELL_KNOWN = re.compile(rf"(?:(?>{'|'.join(sorted(_WORDS, key=len, reverse=True))}|[-_. ]))+")
_TAIL = re.compile(r"(?<![\d!.#*])[\d!.#*]+\Z")

_STAND_IN = re.compile(
    r"<.*>|\[.*\]|\{.*\}|[.*xX?-]+|[$%].*"
    r"|.*(?:\b|_)(?:your|my)[-_ ].*|your.*|.*here|(?:.*[-_ ])?(?:replace|insert|enter|fill|redacted|dummy"
    r"|placeholder|example|todo|fixme|xxx+|none|null|unset|unused|undefined)(?:[-_ ].*)?|replaceme.*",
    re.IGNORECASE | re.DOTALL,
)
_KEPT_ELSEWHERE = re.compile(
    r"\s*(?:ENC\[|\$ANSIBLE_VAULT|vault:|arn:|op://|ssm:|secretsmanager:|projects/|https?://|file:|[~.]{0,2}/|[A-Za-z]:[\\/])"
)


def takes_secret(argument: str) -> bool:
    """Whether an argument of a component takes a secret; an access key's *id* is none.

    `*_file`, `*_path`, `*_name` and their like only lead to one, and `use_password` is a switch.
    """
    return _ARGUMENT.fullmatch(argument) is not None and _SWITCH.search(argument) is None


def holds_secret(variable: str) -> bool:
    """Whether a variable is named as one that holds a secret: `ssh_password`, `apiToken`."""
    name = _OF_CAMEL_CASE.sub("_", variable).replace("-", "_").lower()
    return _VARIABLE.fullmatch(name) is not None and _SWITCH.search(name) is None


def is_of_secret(name: str) -> bool:
    """Whether a name is one of a secret, whatever is called so: a variable, an argument, a key of a map."""
    return holds_secret(name) or takes_secret(name.lower())


def is_stand_in(value: str, name: str) -> bool:
    """Whether a value is no secret: empty, a place to fill in, encrypted, or the way to where one is kept."""
    stripped = value.strip()
    if not stripped or "{{" in value or "${" in value or _STAND_IN.fullmatch(stripped):
        return True
    if _KEPT_ELSEWHERE.match(value) and "\n" not in stripped:
        return True
    same = re.sub(r"[-_ ]", "", stripped).lower() == re.sub(r"[-_]", "", name).lower()
    return same and not is_throw_away(stripped)


def is_throw_away(value: str) -> bool:
    """Whether a password is one that everybody knows, such as `vagrant` or `Passw0rd!`."""
    lowered = value.lower()
    plain = _TAIL.sub("", lowered)
    return any(_WELL_KNOWN.fullmatch(it) for it in (plain, plain.translate(_LETTERS)))
