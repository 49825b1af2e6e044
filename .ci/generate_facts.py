"""The reference about Packer's components → `schemas/facts/builders.json`, with only what packlint uses.

The reference lies beside the project; run this again when it changes: `python .ci/generate_facts.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
REFERENCE = PROJECT.parent / "shared" / "reference" / "components"
FACTS = PROJECT / "schemas" / "facts" / "builders.json"

HYPERVISORS = ("virtualbox", "vmware", "vsphere", "proxmox", "parallels", "azure", "nutanix")
"""The parts of guest-os.json that belong to builders."""


def builder(traits: dict[str, Any]) -> dict[str, Any]:
    """What packlint wants to know of one builder; what is empty or usual is left out."""
    default = traits["communicator_default"]
    facts: dict[str, Any] = {
        "platform": traits["platform"],
        "provider": traits["provider"],
        "local": traits["local"],
        "communicator": None if default == "-" else default,
    }
    if not traits["communicator_settable"]:
        facts["communicator_settable"] = False
    if "provisioners are not run" in traits.get("note", ""):
        facts["provisions"] = False
    return facts | {key: traits[key] for key in ("guest_os", "base", "iso") if traits.get(key)}


def guest_ids(facts: dict[str, Any]) -> dict[str, Any]:
    """The identifiers of one hypervisor by the family of the guest; a pattern for all else says nothing."""
    families: dict[str, list[str]] = {}
    for name, value in sorted(facts["values"].items()):
        families.setdefault(value if isinstance(value, str) else value["family"], []).append(name)
    return {
        "attribute": facts["attribute"],
        "builders": facts["builders"],
        "patterns": [pattern for pattern in facts["patterns"] if pattern[1] != ".*"],
        "values": families,
    }


def facts(reference: Path = REFERENCE) -> dict[str, Any]:
    """All facts, from builder-traits.json, guest-os.json and core.json."""
    traits = json.loads((reference / "builder-traits.json").read_text(encoding="utf-8"))
    guests = json.loads((reference / "guest-os.json").read_text(encoding="utf-8"))
    core = json.loads((reference / "core.json").read_text(encoding="utf-8"))
    aliases = dict(core["type_renames"]["builder"])
    for name, value in traits.items():
        aliases.update(dict.fromkeys(value.get("aliases", ()), name))
    return {
        "aliases": aliases,
        "builders": {name: builder(value) for name, value in traits.items() if name not in aliases},
        "guest_ids": {name: guest_ids(guests[name]) for name in HYPERVISORS},
    }


def text(found: dict[str, Any]) -> str:
    """The facts as JSON with a line for each entry, so that a change shows as the lines that changed."""
    parts = []
    for key in sorted(found):
        entries = (
            f'  "{name}": {json.dumps(found[key][name], sort_keys=True)}' for name in sorted(found[key])
        )
        parts.append(f' "{key}": {{\n' + ",\n".join(entries) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    FACTS.write_text(text(facts()), encoding="utf-8")
