"""packlint checks HashiCorp Packer templates; these are the names that a rule's author needs."""

from packlint.diagnostic import Edit, Finding, Fix, Related, Severity
from packlint.hookspecs import hookimpl
from packlint.rule import Bad, Category, Good, Precision, Rule

__all__ = [
    "Bad",
    "Category",
    "Edit",
    "Finding",
    "Fix",
    "Good",
    "Precision",
    "Related",
    "Rule",
    "Severity",
    "hookimpl",
]
