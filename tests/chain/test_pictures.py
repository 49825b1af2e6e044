"""docs/pictures: what is generated of the chained examples; and that these are chains, clean, and valid."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from runpy import run_path

import pytest
from click.testing import CliRunner

from packlint.cli import cli

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = run_path(str(ROOT / ".ci" / "generate_docs.py"))
PICTURES = ROOT / "docs" / "pictures"
EXAMPLES = ROOT / "examples" / "chains"
SVG = "{http://www.w3.org/2000/svg}"

CHAINS = {
    "virtualbox": [("base", "web"), ("base", "database"), ("web", "shop")],
    "vmware": [("base", "updated"), ("updated", "desktop"), ("updated", "terminal")],
    "proxmox": [("base", "docker"), ("docker", "runner")],
    "vsphere": [("base", "hardened"), ("hardened", "kubernetes"), ("hardened", "database")],
    "vagrant": [("base", "python"), ("python", "course")],
    "docker": [("base", "python"), ("python", "api"), ("python", "worker")],
    "qemu": [("base", "node"), ("node", "gateway")],
}
"""What starts from what in the examples, by the folders of the templates; producers come first."""


def test_the_pictures_are_those_of_the_examples() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in PICTURES.glob("*.svg")}
    made: dict[str, str] = GENERATOR["pictures"]()
    elsewhere = {"pack_everything.svg"} - made.keys()
    stale = sorted(name for name in {*written, *made} - elsewhere if written.get(name) != made.get(name))
    assert not stale, f"`python .ci/generate_docs.py` writes {', '.join(stale)} anew"


@pytest.mark.skipif(not GENERATOR["PACK_EVERYTHING"].is_dir(), reason="the corpus is not here")
def test_many_templates_make_a_picture_that_fits_on_a_screen() -> None:
    root = ET.fromstring(GENERATOR["picture"](GENERATOR["PACK_EVERYTHING"]))
    boxes = [it.get("class") for it in root.iter(f"{SVG}g") if (it.get("class") or "").startswith("node")]
    assert boxes.count("node") == 28
    assert float(root.get("width", "")) <= 2000 and float(root.get("height", "")) <= 1200


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_pictures_need_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|href|url\(|@import|currentColor", text)
    assert ET.fromstring(text).get("role") == "img"


def test_each_platform_has_an_example() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == set(CHAINS)


@pytest.mark.parametrize("platform", CHAINS)
def test_the_examples_are_chains(platform: str) -> None:
    done = CliRunner().invoke(
        cli, ["graph", str(EXAMPLES / platform), "--root", str(EXAMPLES / platform), "--format", "json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    places = {image["id"]: image["template"] for image in told["images"]}
    assert {(places[it["producer"]], places[it["consumer"]]) for it in told["edges"]} == {*CHAINS[platform]}
    assert not told["missing"] and not told["cycles"]
    assert [base["images"] for base in told["bases"]] == [[it for it in places if places[it] == "base"]]


@pytest.mark.parametrize("preset", ["default", "strict"])
def test_nothing_is_found_in_the_examples(preset: str) -> None:
    done = CliRunner().invoke(cli, ["check", str(EXAMPLES), "--preset", preset])
    assert done.exit_code == 0
    assert done.stdout.startswith("No findings in ")


NEWER = (
    (r"packer \{\n.*?\n\}\n", ""),
    (r'  provisioner "windows-update" \{\n.*?\n  \}\n', ""),
    (r"  boot_iso \{\n    (iso_file[^\n]*)\n.*?\n  \}\n", r"  \1\n"),
    (r"\n +(?:tools_mode|discard|ssd) +=[^\n]*", ""),
    (r"(\n +storage_pool +=[^\n]*)", r'\1\n storage_pool_type = "lvm-thin"\n format = "raw"'),
    (r'"file:https[^"]*"', f'"sha256:{"0" * 64}"'),
)
"""What Packer 1.6.6 does not have yet, asks for still, or downloads to validate, and what stands for it."""


def validated(template: Path, key: Path) -> subprocess.CompletedProcess[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in template.glob("*.pkr.hcl"))
    given = {
        name: str(key) if "key_file" in name else "secret" for name in re.findall('variable "(.+)"', text)
    }
    account = {"URL": "https://pve1:8006/api2/json", "USERNAME": "packer@pve", "PASSWORD": "secret"}
    return subprocess.run(
        ["packer", "validate", *(f"-var={name}={value}" for name, value in given.items()), str(template)],
        env={**os.environ, "CHECKPOINT_DISABLE": "1"}
        | {f"PROXMOX_{name}": it for name, it in account.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.skipif(
    not (shutil.which("packer") and shutil.which("ssh-keygen")), reason="needs `packer` and `ssh-keygen`"
)
@pytest.mark.parametrize("platform", CHAINS)
def test_packer_accepts_the_examples(platform: str, tmp_path: Path) -> None:
    """Copies without what Packer 1.6.6 cannot know, which has the builders of then in itself."""
    version = subprocess.run(["packer", "version"], capture_output=True, text=True, check=True).stdout
    if "v1.6." not in version:
        pytest.skip("newer releases of Packer have the builders in plugins")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    here = tmp_path / platform
    shutil.copytree(EXAMPLES / platform, here)
    for path in here.rglob("*.pkr.hcl"):
        text = path.read_text(encoding="utf-8")
        for old, new in NEWER:
            text = re.sub(old, new, text, flags=re.DOTALL)
        path.write_text(text, encoding="utf-8")
    for template in dict.fromkeys(name for pair in CHAINS[platform] for name in pair):
        done = validated(here / template, tmp_path / "key")
        assert done.returncode == 0, f"{template}: {done.stdout}"
        for name in (f"{template}.vmx", f"{template}.ovf", "package.box"):
            artifact = here / "output" / template / name
            artifact.parent.mkdir(parents=True, exist_ok=True)
            artifact.touch()
