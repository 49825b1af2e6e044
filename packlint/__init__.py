"""packlint checks HashiCorp Packer templates; these are the names that a rule's author needs."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.diagnostic import Edit, Finding, Fix, Related, Severity
    from packlint.hookspecs import hookimpl
    from packlint.rule import Bad, Category, Fixable, Good, Precision, Preset, Rule

__all__ = [
    "Bad",
    "Category",
    "Edit",
    "Finding",
    "Fix",
    "Fixable",
    "Good",
    "Precision",
    "Preset",
    "Related",
    "Rule",
    "Severity",
    "hookimpl",
]


def __getattr__(name: str) -> object:
    """Loaded on use: `__main__` has to decide first where may be imported from."""
    if name in __all__:
        from packlint import diagnostic, hookspecs, rule

        for module in (diagnostic, hookspecs, rule):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
