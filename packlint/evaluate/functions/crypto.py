"""Text → checksums and identifiers (go-cty-funcs, `crypto` and `uuid`)."""

from __future__ import annotations

import hashlib
import re
import uuid

from packlint.evaluate.functions.encoding import decoded_base64
from packlint.evaluate.functions.function import Family, Result, Wrong, integer
from packlint.evaluate.giving_up import Failed, NotKnown
from packlint.evaluate.numbers import Number
from packlint.value import NUMBER, STRING, Unknown

_DASHED = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_UUID = re.compile(rf"(?i:urn:uuid:)?{_DASHED}|\{{{_DASHED}\}}|[0-9a-fA-F]{{32}}")
_LARGEST_COST = 31
_LONGEST_PASSWORD = 72

FAMILY = Family()
function = FAMILY.function

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


@function("md5", STRING, returns=STRING)
def _md5(text: str) -> Result:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@function("sha1", STRING, returns=STRING)
def _sha1(text: str) -> Result:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@function("sha256", STRING, returns=STRING)
def _sha256(text: str) -> Result:
    return hashlib.sha256(text.encode()).hexdigest()


@function("sha512", STRING, returns=STRING)
def _sha512(text: str) -> Result:
    return hashlib.sha512(text.encode()).hexdigest()


@function("uuidv5", STRING, STRING, returns=STRING)
def _uuidv5(namespace: str, name: str) -> Result:
    known = _NAMESPACES.get(namespace)
    if known is None:
        if not _UUID.fullmatch(namespace):
            raise Wrong(0, "the namespace is not a UUID")
        known = uuid.UUID(namespace)
    return str(uuid.uuid5(known, name))


@function("uuidv4", returns=STRING)
def _uuidv4() -> Result:
    raise NotKnown(Unknown("`uuidv4` makes a value up by chance", STRING))


@function("bcrypt", STRING, returns=STRING, rest=NUMBER, most=2)
def _bcrypt(text: str, cost: Number = _LARGEST_COST) -> Result:
    if integer(cost) > _LARGEST_COST:
        raise Wrong(1, f"the cost is above {_LARGEST_COST}")
    if len(text.encode()) > _LONGEST_PASSWORD:
        raise Wrong(0, f"a password has at most {_LONGEST_PASSWORD} bytes")
    raise NotKnown(Unknown("`bcrypt` adds a salt by chance", STRING))


@function("rsadecrypt", STRING, STRING, returns=STRING)
def _rsadecrypt(text: str, key: str) -> Result:
    try:
        decoded_base64(text)
    except Failed as failed:
        raise Wrong(0, failed.reason) from None
    if "-----BEGIN" not in key:
        raise Wrong(1, "the text is no key in PEM")
    raise NotKnown(Unknown("`rsadecrypt` is not computed: packlint uses no private keys", STRING))
