"""A text → what Go's text/template makes of it, with the functions that Packer's SDK adds."""

from packlint.gotemplate.execute import Context, Later, render
from packlint.gotemplate.tree import Refused, Unsure, parse

__all__ = ["Context", "Later", "Refused", "Unsure", "parse", "render"]
