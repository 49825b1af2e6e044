"""packlint checks HashiCorp Packer templates; these are the names that a rule's author needs."""

__version__ = "0.1.0"

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


_HOMES = {
    "diagnostic": ("Edit", "Finding", "Fix", "Related", "Severity"),
    "hookspecs": ("hookimpl",),
}
"""The modules of these names, but for those of `rule`."""


def __getattr__(name: str) -> object:
    """Loaded on use: `__main__` has to decide first where may be imported from."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = next((home for home, names in _HOMES.items() if name in names), "rule")
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found
