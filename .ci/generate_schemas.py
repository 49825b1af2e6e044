"""The reference about Packer's components → the files of `schemas/` that are generated.

The reference lies beside the project; run this again when it changes: `python .ci/generate_schemas.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from packlint.schemas.compose import compose, text
from packlint.schemas.index import text as index_text

PROJECT = Path(__file__).resolve().parent.parent
REFERENCE = PROJECT.parent / "shared" / "reference"
SCHEMAS = PROJECT / "schemas"

KINDS = ("builder", "provisioner", "post-processor", "data-source")

HYPERVISORS = ("virtualbox", "vmware", "vsphere", "proxmox", "parallels", "azure", "nutanix")
"""The parts of guest-os.json that belong to builders."""

NEW_HOMES = {"github.com/ddelnano/xenserver": "github.com/vatesfr/xenserver"}
"""Plugins of others than HashiCorp that moved; the other forks of the reference are projects of their own."""

DOUBTED = {
    "builder/mws.json": "ssh_username",  # has a default, given before the check
    "post-processor/mws-export.json": "ssh_username",
    "builder/tart-cli.json": "recovery_partition",  # checked only in some later release
}
"""Arguments of which a rule of the reference is in doubt, by the path of the component."""


NOT_DEPRECATED = {"builder/digitalocean.json": "api_token"}
"""Arguments whose comments call something else deprecated: there, one of the environment variables."""

DIGESTS = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]

VALUES = {"post-processor/checksum.json": {"checksum_types": {"items_enum": DIGESTS}}}
"""Facts of arguments that the reference lacks, from checks in the code (getHash in post-processor.go)."""

SHELL_LOCAL = ("command", "inline", "script", "scripts")

RULES: dict[str, list[dict[str, Any]]] = {
    # The plugin does not always prepare its ISOConfig (config.go).
    "builder/qemu.json": [
        {"kind": "required_if", "attr": "iso_checksum", "when": [{"attr": "iso_skip_cache", "set": False}]}
    ],
    "builder/vsphere-iso.json": [
        {"kind": "required_if", "attr": "iso_checksum", "when": [{"attr": name, "set": True}]}
        for name in ("iso_url", "iso_urls")
    ],
    # builder/null/config.go
    "builder/null.json": [
        *(
            {
                "kind": "required_if",
                "attr": f"{communicator}_host",
                "when": [{"attr": "communicator", "in": [communicator]}],
            }
            for communicator in ("ssh", "winrm")
        ),
        {
            "kind": "one_of",
            "attrs": ["ssh_agent_auth", "ssh_password", "ssh_private_key_file"],
            "when": [{"attr": "communicator", "in": ["ssh"]}],
        },
        {
            "kind": "required_if",
            "attr": "winrm_password",
            "when": [
                {"attr": "communicator", "in": ["winrm"]},
                {"attr": "ssh_agent_auth", "set": False},
                {"attr": "ssh_private_key_file", "set": False},
            ],
        },
    ],
    # shell-local/config.go of the SDK
    **{
        f"{kind}/shell-local.json": [
            {"kind": "conflicts", "attrs": list(pair)} for pair in combinations(SHELL_LOCAL, 2)
        ]
        for kind in ("provisioner", "post-processor")
    },
}
"""Rules that the reference lacks, from checks in the code (packer-facts.json has those of Packer itself)."""


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


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
    traits = _read(reference / "components" / "builder-traits.json")
    guests = _read(reference / "components" / "guest-os.json")
    aliases = dict(_read(reference / "components" / "core.json")["type_renames"]["builder"])
    for name, value in traits.items():
        aliases.update(dict.fromkeys(value.get("aliases", ()), name))
    return {
        "aliases": aliases,
        "builders": {name: builder(value) for name, value in traits.items() if name not in aliases},
        "guest_ids": {name: guest_ids(guests[name]) for name in HYPERVISORS},
    }


def components(reference: Path = REFERENCE) -> Iterator[tuple[str, dict[str, Any]]]:
    """The facts of every component by the path of its schema below `schemas/`, those of forks last."""
    base = reference / "components"
    for folder in ("", "alternates/*/"):
        for kind in KINDS:
            for path in sorted(base.glob(f"{folder}{kind}/*.json")):
                place = path.relative_to(base).as_posix()
                yield place, _corrected(place, _doubting(_read(path), DOUBTED.get(place)))


def _corrected(place: str, facts: dict[str, Any]) -> dict[str, Any]:
    if place in NOT_DEPRECATED:
        facts["attributes"][NOT_DEPRECATED[place]]["deprecated"] = False
    for name, more in VALUES.get(place, {}).items():
        facts["attributes"][name] |= more
    for rule in RULES.get(place, ()):
        facts["rules"].append(rule)
    return facts


def _doubting(facts: dict[str, Any], name: str | None) -> dict[str, Any]:
    for rule in facts.get("rules", ()):
        targets = rule.get("attrs") or [rule[key] for key in ("attr",) if key in rule]
        rule["doubted"] = name in (targets or [it["attr"] for it in rule["when"]])
    return facts


def index(reference: Path = REFERENCE) -> dict[str, Any]:
    """Which plugin has which components, and what became of addresses and types."""
    core = _read(reference / "components" / "core.json")
    history = _read(reference / "packer-facts.json")["bundled_plugin_history"]
    found: dict[str, Any] = {"core": {kind: [] for kind in KINDS}, "plugins": {}, "also": {}}
    for path, facts in components(reference):
        about = compose(facts)["x-component"]
        if about["plugin"] is None:
            found["core"][facts["kind"]].append(facts["type"])
            continue
        plugin = found["plugins"].setdefault(about["plugin"], _plugin(about, path))
        if plugin["repository"] != about["repository"]:
            continue  # an older repository of the same address
        plugin["components"].setdefault(facts["kind"], []).append(facts["type"])
        if (other := _by_repository(about)) != about["plugin"].lower():
            found["also"][other] = about["plugin"]
    found["moved"] = moved(found, history)
    found["also"] = {old: new for old, new in found["also"].items() if old not in found["moved"]}
    for entry in history:
        address = _spelt(found, found["moved"].get(entry["current_source"], entry["current_source"]))
        found["plugins"][address]["bundled_until"] = entry["last_release_bundling"]
        found["plugins"][address]["external_since"] = entry["external_since"]
    return found | {
        "arguments": renamed_arguments(core["attribute_renames"]),
        "renamed": core["type_renames"],
        "retired": _by_kind(core["retired_types"].items()),
        "unread": {kind: [*names] for kind, names in _by_kind(_unread(core)).items()},
    }


def renamed_arguments(renames: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What `packer fix` makes of arguments, by their old path; a value that changes its form is no rename."""
    found: dict[str, list[dict[str, Any]]] = {}
    for rename in renames:
        if " " in rename["old"]:
            continue
        kind, _, types = rename["scope"].partition(":")
        forms = {"wrap": rename.get("wrap"), "merge": rename.get("merge"), "values": rename.get("value_map")}
        entry = {"kind": kind, "types": types, "new": rename["new"]}
        found.setdefault(rename["old"], []).append(entry | {k: v for k, v in forms.items() if v})
    return found


def _plugin(about: dict[str, Any], path: str) -> dict[str, Any]:
    folder = "/".join(path.split("/")[:-2])
    return {key: about[key] for key in ("repository", "version", "date")} | {"components": {}, "path": folder}


def _by_repository(about: dict[str, Any]) -> str:
    """The address from which Packer would get that repository, in lower case."""
    owner, _, name = about["repository"].lower().partition("/")
    return f"github.com/{owner}/{name.removeprefix('packer-').partition('-')[2]}"


def moved(index: dict[str, Any], history: list[dict[str, Any]]) -> dict[str, str]:
    """Addresses that plugins had before, with those that they have now.

    What HashiCorp gave away was its own once; a repository may say that its plugin is another owner's now.
    """
    found = dict(NEW_HOMES)
    for entry in history:
        old = f"github.com/hashicorp/{entry['plugin']}"
        if entry["current_source"].lower() != old:
            found[old] = _spelt(index, entry["current_source"])
    for old, new in index["also"].items():
        if old.split("/")[1] != new.lower().split("/")[1]:
            found[old] = new
    return dict(sorted(found.items()))


def _spelt(index: dict[str, Any], address: str) -> str:
    """An address as the index spells it."""
    found: str = next(known for known in index["plugins"] if known.lower() == address.lower())
    return found


def _unread(core: dict[str, Any]) -> Iterator[tuple[str, None]]:
    return ((name, None) for name in core["types_without_schema"]["types"])


def _by_kind(named: Any) -> dict[str, dict[str, Any]]:
    """Entries such as `builder:NAME` by the kind, then by the name."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in named:
        kind, _, type_ = name.partition(":")
        found.setdefault(kind, {})[type_] = value
    return found


def made(reference: Path = REFERENCE) -> dict[Path, str]:
    """Every generated file with its text."""
    files = {SCHEMAS / path: text(compose(facts)) for path, facts in components(reference)}
    return files | {
        SCHEMAS / "index.json": index_text(index(reference)),
        SCHEMAS / "facts" / "builders.json": index_text(builders(reference)),
    }


def generated() -> set[Path]:
    """The files there are that this writes, or has written once."""
    places = (*KINDS, *(f"alternates/*/{kind}" for kind in KINDS), "facts")
    return {path for place in places for path in SCHEMAS.glob(f"{place}/*.json")} | {SCHEMAS / "index.json"}


if __name__ == "__main__":
    everything = made()
    for stale in generated() - everything.keys():
        stale.unlink(missing_ok=True)
    for file, content in everything.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
