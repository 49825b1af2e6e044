"""What is read letter by letter, as a pattern takes long to compile: it holds what the pattern held."""

from __future__ import annotations

import re
from itertools import product

from packlint import guest
from packlint.downloads import Url
from packlint.duration import seconds
from packlint.local_files import _is_elsewhere
from packlint.secrets import names
from packlint.system import _WORDS, _folded, _stands

_ARGUMENT = re.compile(
    r"(?:.*password|(?:.*_)?(?:pass|passwd|passphrase|pass_phrase|token|secret)"
    r"|(?:.*_)?(?:secret_key|secret_access_key|access_key_secret|api_key|private_key|key_material)"
    r"|access_token_secret)"
)
_SWITCH = re.compile(r"(?:^|_)(?:use|disable|enable|enabled|has|no|require|skip|reset|generate)_")
_VARIABLE = re.compile(
    r"(?:.*password|(?:.*_)?pass|(?:.*_)?(?:secret|token|api_?key|private_key|secret_key|secret_access_key))"
)
_KNOWN = re.compile(rf"(?:(?>{'|'.join(sorted(names._WORDS, key=len, reverse=True))}|[-_. ]))+")
_KEPT = re.compile(
    r"\s*(?:ENC\[|\$ANSIBLE_VAULT|vault:|arn:|op://|ssm:|secretsmanager:|projects/|https?://|file:|[~.]{0,2}/"
    r"|[A-Za-z]:[\\/])"
)
_SCHEME = re.compile(r"(?:[a-z0-9]+::)?([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[/\\~]|[A-Za-z]:|\w+://|.*(\{\{|\$|%\w+%)", re.DOTALL)


def _texts(*words: str) -> list[str]:
    """All that can be made of three of these words."""
    return ["".join(chosen) for chosen in product(("", *words), repeat=3)]


def test_names_of_secrets() -> None:
    words = (
        "use",
        "_",
        "no_",
        "password",
        "pass",
        "phrase",
        "_token",
        "secret",
        "_access",
        "_key",
        "api",
        "\n",
    )
    for name in _texts(*words):
        switch = _SWITCH.search(name) is not None
        assert names.takes_secret(name) == (_ARGUMENT.fullmatch(name) is not None and not switch), name
        assert names.holds_secret(name) == (_VARIABLE.fullmatch(name) is not None and not switch), name


def test_names_in_camel_case() -> None:
    assert names.holds_secret("apiToken") and names.holds_secret("my-secretKey")
    assert not names.holds_secret("useToken1") and not names.holds_secret("usePassword")


def test_passwords_that_everybody_knows() -> None:
    for text in _texts("pass", "changeme", "change", "me", "p", "@", "x", "-", " ", "1!", "\u0663", "\u0130"):
        bare = re.sub(r"(?<![\d!.#*])[\d!.#*]+\Z", "", text.lower())
        known = any(_KNOWN.fullmatch(it) for it in (bare, bare.translate(names._LETTERS)))
        assert names.is_throw_away(text) == known, text


def test_stand_ins_and_ways_to_secrets() -> None:
    for text in _texts(
        "your", "my", "-", "<", ">", "x", "*", "fill", "hier", "here", "a", "\u017f", "UnSet", "\n"
    ):
        if stripped := text.strip():
            assert names._is_place(stripped) == (names._STAND_IN.fullmatch(stripped) is not None), text
    for text in _texts("~", ".", "/", "C:", "\\", "http", "s://", "file:", "ENC[", " ", "\xe4:", "vault:"):
        if stripped := text.strip():
            way = stripped.startswith(names._KEPT_ELSEWHERE) or names._has_drive(stripped)
            assert way == (_KEPT.match(text) is not None), text


def test_schemes_of_urls() -> None:
    for text in _texts("git", "::", "://", ":", "a", "S3", "9", "+", "\u017f", "/"):
        match = _SCHEME.match(text)
        found = Url(None, None, None, text)  # type: ignore[arg-type]
        assert found.scheme == (match[1].lower() if match else ""), text


def test_paths_of_elsewhere_and_names_of_files() -> None:
    for text in _texts("a", ":", "/", "\\", "~", "://", "{{", "$", "%", "%b%", "?", "#", "\xe4", " "):
        parts = re.split(r"[/\\:]", re.split(r"[?#]", text)[0].rstrip("/"))
        assert guest.file_name(text) == parts[-1].strip(), text
        if text:
            assert _is_elsewhere(text) == (_ELSEWHERE.match(text) is not None), text


def test_words_of_systems_in_any_case() -> None:
    for _, _, words in _WORDS[:3]:
        ignoring = re.compile(rf"(?<![a-z])({words})(?![a-z])", re.IGNORECASE)
        for text in _texts(
            "Windows", "WIN", "x64", "FRE", "fre", "ubuntu", "\u212a", "\u017f", "\u0130", "-", "_", "a", "2"
        ):
            assert bool(_stands(words).search(_folded(text))) == bool(ignoring.search(text)), text


def test_durations_in_whole_numbers() -> None:
    units = {"h": 3600, "m": 60, "s": 1}
    for text in _texts("1", "30", "0", "h", "m", "s", "5m", "999999h", " ", "\u0663s"):
        if "ms" in text:
            continue  # another unit
        parts = re.fullmatch(r"(?:[0-9]+[hms])+", text) and re.findall(r"([0-9]+)([hms])", text)
        worth = sum(int(number) * units[unit] for number, unit in parts or ())
        known = worth if parts and worth < 2**63 / 10**9 else None
        assert seconds(text) == (0 if text == "0" else known), text
