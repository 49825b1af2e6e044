"""A schema → the subschemas of it that its references lead to, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

REFERENCES = ("$ref", "$dynamicRef")


@cache
def nowhere() -> Any:
    """A registry that retrieves nothing; jsonschema's own would ask the network."""
    from referencing import Registry

    return Registry()


class Document(dict[str, "Any"]):
    """A whole schema, with the subschemas that its references have led to.

    It has no name, so that references within it need none, and no dialect but draft 2020-12.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        super().__init__({key: value for key, value in schema.items() if key not in ("$schema", "$id")})
        self.targets: dict[str, Any] = {"#": self}

    def target(self, reference: str) -> Any:
        """The subschema that a reference within the document leads to; raises `Unresolvable`."""
        if reference not in self.targets:
            from referencing.jsonschema import DRAFT202012

            resource = DRAFT202012.create_resource(self)
            resolver = nowhere().with_resource("", resource).resolver()
            self.targets[reference] = resolver.lookup(reference).contents
        return self.targets[reference]
