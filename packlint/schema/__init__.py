"""A JSON Schema and an instance with unknowns → the violations that no completion of the unknowns can mend.

The one door to jsonschema: nothing else imports it, and importing this is what loads it.
"""

from packlint.schema.instance import Open, OpenList
from packlint.schema.judge import Judge, Violation
from packlint.schema.refused import KEYWORDS, refused, subschemas

__all__ = ["KEYWORDS", "Judge", "Open", "OpenList", "Violation", "refused", "subschemas"]
