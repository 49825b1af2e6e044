"""How an argument or a block is written in a hint."""

from __future__ import annotations

import pytest

from packlint.document import Document
from packlint.notation import argument, block, ending

HCL, JSON, LEGACY = (Document(name, "") for name in ("a.pkr.hcl", "a.pkr.json", "a.json"))


def test_native_syntax() -> None:
    assert argument(HCL, "version") == "`version = …`"
    assert block(HCL, "locals") == "`locals { … }`"
    assert block(HCL, "source", "qemu", "vm", body="{}") == '`source "qemu" "vm" {}`'
    assert ending(HCL, ".pkrvars") == "`.pkrvars.hcl`"


@pytest.mark.parametrize("document", [JSON, LEGACY])
def test_json(document: Document) -> None:
    assert argument(document, "except", '["a"]') == '`"except": ["a"]`'
    assert block(document, "locals") == '`"locals": { … }`'
    assert block(document, "source", "qemu", "vm", body="{}") == '`"source": {"qemu": {"vm": {}}}`'
    assert ending(document, ".pkrvars") == "`.pkrvars.json`"
