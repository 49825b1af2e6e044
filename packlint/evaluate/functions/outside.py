"""Functions that ask the clock, the network or the environment → unknowns: only the build can call them."""

from __future__ import annotations

from packlint.evaluate.functions.function import Family, Result
from packlint.evaluate.giving_up import NotKnown
from packlint.evaluate.scope import Scope
from packlint.value import STRING, Known, Type, Unknown

FAMILY = Family()
function = FAMILY.function


def _known_to_a_build(name: str, because: str, *parameters: Type, optional: bool = False) -> None:
    def body(*_: object) -> Result:
        raise NotKnown(Unknown(f"`{name}` {because}", STRING))

    rest, most = (STRING, 1) if optional else (None, None)
    function(name, *parameters, returns=STRING, rest=rest, most=most)(body)


_known_to_a_build("aws_secretsmanager", "asks AWS Secrets Manager", STRING, STRING)
_known_to_a_build("aws_secretsmanager_raw", "asks AWS Secrets Manager", STRING)
_known_to_a_build("consul_key", "asks Consul", STRING)
_known_to_a_build("legacy_isotime", "is the time at which Packer starts", optional=True)
_known_to_a_build("legacy_strftime", "is the time at which Packer starts", optional=True)
_known_to_a_build("timestamp", "is the time of the build")
_known_to_a_build("vault", "asks Vault", STRING, STRING)


@function("env", STRING, returns=STRING, scoped=True)
def _env(scope: Scope, name: str) -> Result:
    """A variable that is not set is the empty string; whatever is set may be a secret."""
    if scope.environment is None:
        raise NotKnown(Unknown(f"`env` reads `{name}` from the environment", STRING))
    return Known(scope.environment.get(name, ""), STRING, sensitive=True)
