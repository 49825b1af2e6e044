"""Functions that ask the clock, the network or the environment → unknowns: only the build can call them."""

from __future__ import annotations

from packlint.evaluate.failure import NotKnown
from packlint.evaluate.functions.function import Family, Result
from packlint.value import STRING, Type, Unknown

FAMILY = Family()


def _known_to_a_build(name: str, *parameters: Type, optional: bool = False) -> None:
    def body(*_: object) -> Result:
        raise NotKnown(Unknown(f"`{name}` is known only when the build runs", STRING))

    rest, most = (STRING, 1) if optional else (None, None)
    FAMILY.function(name, *parameters, returns=STRING, rest=rest, most=most)(body)


_known_to_a_build("aws_secretsmanager", STRING, STRING)
_known_to_a_build("aws_secretsmanager_raw", STRING)
_known_to_a_build("consul_key", STRING)
_known_to_a_build("env", STRING)
_known_to_a_build("legacy_isotime", optional=True)
_known_to_a_build("legacy_strftime", optional=True)
_known_to_a_build("timestamp")
_known_to_a_build("vault", STRING, STRING)
