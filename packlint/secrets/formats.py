"""A text → the keys and tokens in it that their form gives away; the one door to detect-secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packlint.pattern import pattern
from packlint.record import record
from packlint.secrets.trace import may_have_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FORMS: dict[str, tuple[str, str | None, str]] = {
    "aws": ("an AWS access key", "AWSKeyDetector", r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
    "github": ("a GitHub token", "GitHubTokenDetector", r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "github_pat": ("a GitHub token", None, r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b"),
    "gitlab": ("a GitLab token", "GitLabTokenDetector", r"\bgl(?:pat|dt|rt|soat)-[\w-]{20,50}(?![\w-])"),
    "slack": ("a Slack token", "SlackDetector", r"\bxox[abposr]-(?:\d+-)+[a-zA-Z0-9]+"),
    "slack_hook": (
        "the address of a Slack webhook",
        "SlackDetector",
        r"https://hooks\.slack\.com/services/T\w+/B\w+/\w+",
    ),
    "stripe": ("a Stripe key", "StripeDetector", r"\b[rs]k_live_[0-9a-zA-Z]{24,}"),
    "sendgrid": ("a SendGrid key", "SendGridDetector", r"\bSG\.[\w-]{22}\.[\w-]{43}"),
    "jwt": ("a JSON web token", "JwtTokenDetector", r"(?<![\w-])eyJ[\w-]{10,}+\.eyJ[\w-]{10,}+\.[\w-]{20,}"),
    "azure": ("an Azure storage key", "AzureStorageKeyDetector", r"\bAccountKey=[a-zA-Z0-9+/=]{88}"),
    "pypi": ("a PyPI token", "PypiTokenDetector", r"\bpypi-AgE[\w-]{70,}"),
    "openai": ("an OpenAI key", "OpenAIDetector", r"\bsk-[\w-]{20,100}T3BlbkFJ[A-Za-z0-9]{20}"),
    "npm": ("an npm token", None, r"\bnpm_[A-Za-z0-9]{36}\b"),
    "google": ("a Google API key", None, r"\bAIza[\w-]{35}(?![\w-])"),
    "vault": ("a Vault token", None, r"\bhv[sb]\.[\w-]{24,}"),
    "hcp": ("an HCP token", None, r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9]{60,}"),
    "digitalocean": ("a DigitalOcean token", None, r"\bdo[por]_v1_[a-f0-9]{64}\b"),
    "pem": (
        "a private key",
        "PrivateKeyDetector",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[^\0]){64,16384}",
    ),
}
"""By the name of its group: what it is, the class that has to agree, None where none knows it, its form."""

_ANY = "|".join(f"(?P<{name}>{form})" for name, (_, _, form) in _FORMS.items())
_NO_SECRET = pattern(r"example|x{6}|\.\.\.|(?:0123456789|abcdefgh)", re.IGNORECASE)
_BREAK = pattern(r"\\[nrt]|\s")
_BASE64 = pattern(r"[A-Za-z0-9+/=]{48,}")
_FEWEST = 8
"""Different characters of a real key."""


@record
class Key:
    """A key or token in a text, from `start` to `end`; `words` say what it is."""

    start: int
    end: int
    words: str


def keys(text: str) -> Iterator[Key]:
    """The keys and tokens of a known form, in order; those of documentation are none.

    A form of ours is looked for first, so that what has none never loads the library.
    """
    if may_have_key(text):
        yield from _keys(text)


def _keys(text: str) -> Iterator[Key]:
    for found in re.finditer(_ANY, text):
        form = found.lastgroup or ""
        words, detector, _ = _FORMS[form]
        if _is_real(form, found[0]) and (detector is None or _agrees(detector, found[0])):
            yield Key(found.start(), found.end(), words)


def _is_real(form: str, text: str) -> bool:
    if form == "pem":
        return _BASE64.search(_BREAK.sub("", text.partition("KEY")[2].lstrip(" BLOCK-"))) is not None
    tail = text[-40:] if len(text) > 44 else text[4:]
    return not _NO_SECRET.search(text) and len(set(tail)) >= _FEWEST


def _agrees(detector: str, text: str) -> bool:
    """Whether the library takes it for what it looks like; it is never asked to verify anything."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class as by_type
    from detect_secrets.filters.heuristic import is_potential_uuid, is_sequential_string

    if is_sequential_string(text[4:]) or is_potential_uuid(text):
        return False
    classes: Iterable[type[Any]] = by_type().values()
    return any(next(it().analyze_string(text), None) for it in classes if it.__name__ == detector)
