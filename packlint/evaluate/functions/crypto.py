"""Text → checksums and identifiers (go-cty-funcs, `crypto` and `uuid`)."""

from __future__ import annotations

import hashlib
import re
import uuid

from packlint.evaluate.failure import Failed, NotKnown
from packlint.evaluate.functions.function import Family, Result
from packlint.value import NUMBER, STRING, Unknown

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
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", namespace):
            raise Failed("the namespace is not a UUID")
        known = uuid.UUID(namespace)
    return str(uuid.uuid5(known, name))


@function("uuidv4", returns=STRING)
def _uuidv4() -> Result:
    raise NotKnown(Unknown("`uuidv4` gives another value at every call", STRING))


@function("bcrypt", STRING, returns=STRING, rest=NUMBER, most=2)
def _bcrypt(*_: object) -> Result:
    raise NotKnown(Unknown("`bcrypt` gives another value at every call", STRING))


@function("rsadecrypt", STRING, STRING, returns=STRING)
def _rsadecrypt(*_: object) -> Result:
    raise NotKnown(Unknown("`rsadecrypt` is not computed", STRING))
