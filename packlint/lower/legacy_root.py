"""The root of a legacy template → its keys under Packer's names, and what Packer refuses about them.

(reference: hashicorp/packer-plugin-sdk, template/parse.go)
"""

from __future__ import annotations

from collections.abc import Mapping

from packlint.document import Range
from packlint.lower.decode import Decoder, entries, shown
from packlint.suggest import suggest
from packlint.syntax import Attribute, Expression, File, is_null

ROOT = (
    *("min_packer_version", "description", "builders", "comments", "push", "post-processors"),
    *("provisioners", "error-cleanup-provisioner", "variables", "sensitive-variables"),
)
"""What Packer reads of the root; keys that begin with `_` are comments."""

UNLISTED = "rawcontents"
"""A field of Packer's own that its decoder takes for a key."""

HCL = frozenset({"build", "source", "variable", "locals", "local", "data", "packer"})
"""Blocks of HCL."""


class Root:
    """The root of one file; `keys` has what Packer reads of it, in whatever case it is written."""

    def __init__(self, file: File) -> None:
        self._range = file.body.range
        first: dict[str, Attribute] = {}
        for attribute in file.body.attributes:
            first.setdefault(attribute.name, attribute)
        folded: dict[str, Attribute] = {}
        for name, attribute in first.items():
            if name == name.lower() or name.lower() not in first:
                folded.setdefault(name.lower(), attribute)
        self.keys: Mapping[str, Attribute] = {name: folded[name] for name in ROOT if name in folded}
        taken = self.keys.values()
        self._others = [a for a in first.values() if a not in taken and a.name.lower() != UNLISTED]

    def value(self, name: str) -> Expression | None:
        """What a key has; None for null."""
        attribute = self.keys.get(name)
        return None if attribute is None or is_null(attribute.expression) else attribute.expression

    def place(self, name: str) -> Range:
        """The place of a key; the beginning of the file where it has none."""
        return self.keys[name].name_range if name in self.keys else Range(self._range.document, 0, 0)

    def check(self, decoder: Decoder) -> None:
        """Checks what Packer reads but no build uses, and that there is nothing else."""
        for attribute in self._others:
            self._check_other(attribute, decoder)
        if (description := self.value("description")) is not None:
            decoder.text(description, "`description`")
        if (push := self.value("push")) is not None:
            decoder.object(push, "`push`")
        if (comments := self.value("comments")) is not None:
            for comment in decoder.array(comments, "`comments`", " of objects"):
                found = decoder.object(comment, "a comment")
                for _, item in entries(found) if found else ():
                    decoder.text(item.value, "a comment")

    def _check_other(self, attribute: Attribute, decoder: Decoder) -> None:
        name, value = attribute.name, attribute.expression
        if not name.startswith("_"):
            message = f"`{shown(name)}` is no key of a legacy template"
            decoder.refuse(attribute.name_range, message, self._instead(name))
        elif is_null(value):
            decoder.refuse(value.range, f"the comment `{shown(name)}` must be a string, not null")
        else:
            decoder.text(value, f"the comment `{shown(name)}`")

    def _instead(self, name: str) -> str:
        """A hint; a file with builders is meant as a legacy template, whatever else it has."""
        near = suggest(name, (key for key in ROOT if key not in self.keys))
        if name in HCL and not (near and "builders" in self.keys):
            return "blocks of HCL belong in a file whose name ends in `.pkr.json`"
        return f"did you mean `{near}`?" if near else "keys that begin with `_` may hold comments"
