"""The reference about Packer's components → the files of `schemas/facts`, with only what packlint uses.

The reference lies beside the project; run this again when it changes: `python .ci/generate_facts.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
REFERENCE = PROJECT.parent / "shared" / "reference" / "components"
FACTS = PROJECT / "schemas" / "facts"

KINDS = ("builder", "provisioner", "post-processor", "data-source")

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


def builders(reference: Path = REFERENCE) -> dict[str, Any]:
    """What builders are, from builder-traits.json, guest-os.json and core.json."""
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


def blocks(reference: Path = REFERENCE) -> dict[str, Any]:
    """The nested blocks of every component by kind and type, those of its forks and older homes included."""
    found: dict[str, Any] = {kind: {} for kind in KINDS}
    for kind in KINDS:
        for place in (kind, f"alternates/*/{kind}"):
            for path in sorted(reference.glob(f"{place}/*.json")):
                schema = json.loads(path.read_text(encoding="utf-8"))
                _merge(found[kind].setdefault(schema["type"], {}), schema["blocks"])
    return found


def _merge(known: dict[str, Any], blocks: dict[str, Any]) -> None:
    for name, block in blocks.items():
        _merge(known.setdefault(name, {}), block["blocks"])


def outputs(reference: Path = REFERENCE) -> dict[str, Any]:
    """The types of what data sources give, of those that Packer has itself and of those of plugins.

    Of components of one name those outputs are left out that are not of one type in all of them.
    """
    found: dict[str, Any] = {"bundled": {}, "plugins": {}}
    for path in sorted(
        (*reference.glob("data-source/*.json"), *reference.glob("alternates/*/data-source/*.json"))
    ):
        schema = json.loads(path.read_text(encoding="utf-8"))
        types = {name: output["type"] for name, output in (schema.get("outputs") or {}).items()}
        known = found["bundled" if schema["plugin"].get("bundled") else "plugins"]
        before = known.setdefault(schema["type"], types)
        known[schema["type"]] = {
            name: type_ for name, type_ in (before | types).items() if before.get(name, type_) == type_
        }
    return found


def text(found: dict[str, Any]) -> str:
    """The facts as JSON with a line for each entry, so that a change shows as the lines that changed."""
    parts = []
    for key in sorted(found):
        entries = (
            f'  "{name}": {json.dumps(found[key][name], sort_keys=True)}' for name in sorted(found[key])
        )
        parts.append(f' "{key}": {{\n' + ",\n".join(entries) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def made(reference: Path = REFERENCE) -> dict[Path, str]:
    """Every file of facts with its text."""
    return {
        FACTS / "builders.json": text(builders(reference)),
        FACTS / "blocks.json": text(blocks(reference)),
        FACTS / "data_outputs.json": text(outputs(reference)),
    }


if __name__ == "__main__":
    for file, content in made().items():
        file.write_text(content, encoding="utf-8")
