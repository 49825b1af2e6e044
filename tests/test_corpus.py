"""The whole pipeline over the corpus: real templates of public repositories, which nobody here wrote."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from packlint.outcome import Outcome
from packlint.pipeline import run
from packlint.report import render
from packlint.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")

SECURITY_ONION = "rylagek+pack_everything/nix/SecurityOnion/packer/securityonion_vbox.pkr.hcl"


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run([CORPUS], Settings())


def places(outcome: Outcome, rule: str, repository: str = "") -> set[tuple[str, int, str]]:
    return {
        (d.range.document.path, d.range.first.line, d.severity.value)
        for d in outcome.diagnostics
        if d.rule == rule and d.range.document.path.startswith(repository)
    }


def test_nothing_fails(outcome: Outcome) -> None:
    assert places(outcome, "internal-error") == set()
    assert places(outcome, "unreadable-file") == set()
    assert outcome.documents >= 640
    assert outcome.templates > 500


def test_the_files_that_do_not_parse_are_those_of_the_official_parser(outcome: Outcome) -> None:
    verdicts = (SHARED / "conformance" / "corpus-syntax.jsonl").read_text(encoding="utf-8").splitlines()
    broken = {entry["file"] for line in verdicts if "errors" in (entry := json.loads(line))}
    found = {path for path, _, _ in places(outcome, "syntax-error")}
    assert {path for path in found if path.endswith(".hcl")} == broken


def test_the_json_that_packer_refuses_is_refused(outcome: Outcome) -> None:
    """Read, and tried with `packer validate`: keys given twice, and a legacy template with another's name."""
    found = places(outcome, "syntax-error") | places(outcome, "invalid-legacy-template")
    assert {path for path, _, _ in found if path.endswith(".json")} == {
        "gildas+packer-windows/templates/windows-8.1-enterprise-eval/packer.json",
        "jakobadam+packer-qemu-templates/windows/windows-vagrant.json",
        "jakobadam+packer-qemu-templates/windows/windows.json",
        "mcree+vagrant-windows-server-2019/template.pkr.json",
    }


GRAMMAR = (
    *("unsupported-block", "unknown-argument", "wrong-block-labels", "missing-required-argument"),
    *("non-constant-argument", "repeated-block", "ignored-configuration", "argument-type-mismatch"),
    "argument-block-shape",
)


def test_what_packer_would_not_load(outcome: Outcome) -> None:
    """Read beside the files, and those about components tried with `packer validate`, which refuses each."""
    found = {
        (path, line, rule)
        for rule in GRAMMAR
        for path, line, _ in places(outcome, rule)
        if path.endswith(".hcl")
    }
    vmm = "double-p+packer-builder-openbsd-vmm/examples/packer"
    encrypt = "JamesWoolfenden+learn-packer/examples/encrypt/amazon-ebs.base1604.pkr.hcl"
    vsphere = "rylagek+pack_everything/builders/vSphere/ubuntu18.04_server_vsphere_example.pkr.hcl"
    oracle = "hashicorp+packer-plugin-oracle/example"
    zebra = "pkg/modulereader/modules/imaginarium/zebra/main.pkr.hcl"
    shape, type_, missing = "argument-block-shape", "argument-type-mismatch", "missing-required-argument"
    assert found == {
        (f"GoogleCloudPlatform+cluster-toolkit/{zebra}", 15, "unsupported-block"),
        ("digitalocean+packer-plugin-digitalocean/example/hcp-build.pkr.hcl", 3, missing),
        ("numspot+packer-plugin-numspot/examples/custom-vm/variables.pkr.hcl", 25, "non-constant-argument"),
        *((encrypt, line, shape) for line in (10, 14, 26, 36)),
        (f"{vmm}/centos-base/centos-base.pkr.hcl", 27, type_),
        (f"{vmm}/centos-base/centos-base.pkr.hcl", 29, type_),
        (f"{vmm}/openbsd-base/openbsd-base.pkr.hcl", 20, type_),
        (f"{vmm}/openbsd-dev/openbsd-dev.pkr.hcl", 23, type_),
        ("hashicorp+packer-plugin-inspec/example/build.pkr.hcl", 10, missing),
        (f"{oracle}/classic_windows_attributes.pkr.hcl", 46, type_),
        (f"{oracle}/oci_image_filter.pkr.hcl", 5, missing),
        (f"{oracle}/oci_image_filter.pkr.hcl", 8, shape),
        (f"{oracle}/oci_security_groups.pkr.hcl", 21, "unknown-argument"),
        ("hashicorp+packer-plugin-triton/example/basic.pkr.hcl", 7, shape),
        ("raynaluzier+packer-plugin-artifactory/example/artifact_import.pkr.hcl", 112, "unknown-argument"),
        *((vsphere, line, type_) for line in (11, 21)),
        *(("rylagek+pack_everything/builders/sources.pkr.hcl", line, type_) for line in (11, 21)),
    }


def test_security_onion_is_no_ubuntu(outcome: Outcome) -> None:
    found = places(outcome, "guest-os-type-mismatch", "rylagek+pack_everything")
    assert (SECURITY_ONION, 26, "warning") in found


def test_the_bare_builds_of_pack_everything(outcome: Outcome) -> None:
    """Without any provisioner: a note where an installer gets instructions, a warning where nobody does."""
    repository = "rylagek+pack_everything"
    found = places(outcome, "missing-provisioners", repository)
    assert {(path.removeprefix(f"{repository}/"), severity) for path, _, severity in found} == {
        ("builders/vmWare/kali/packer/kali_vmware_example.pkr.hcl", "warning"),
        ("nix/Arch/packer/arch_20220101.pkr.hcl", "note"),
        ("nix/FreeBSD/packer/freeBSD_vbox.pkr.hcl", "note"),
        ("nix/TrueNAS/packer/truenas_12U7.pkr.hcl", "warning"),
        ("nix/kali/packer/kali_vbox.pkr.hcl", "note"),
        ("nix/pfSense/packer/pfsense_vbox.pkr.hcl", "warning"),
        ("nix/ubuntu_desktop_2004/packer/ubuntu_desktop_2004.pkr.hcl", "note"),
    }


def test_the_report_is_the_same_from_anywhere(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)
    assert render("text", run([Path()], Settings())) == render("text", outcome)


def test_the_json_of_the_corpus_is_valid_and_has_every_finding(outcome: Outcome) -> None:
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    report = json.loads(render("json", outcome))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert len(report["findings"]) == len(outcome.diagnostics) > 1000
    texts = {d.range.document.path: d.range.document.text for d in outcome.diagnostics}
    for finding, diagnostic in zip(report["findings"], outcome.diagnostics, strict=True):
        start, end = finding["range"]["start"], finding["range"]["end"]
        assert texts[finding["path"]][start["offset"] : end["offset"]] == diagnostic.range.text
        before = texts[finding["path"]][: start["offset"]]
        assert (start["line"], start["column"]) == (
            before.count("\n") + 1,
            len(before.rpartition("\n")[2]) + 1,
        )


def test_the_other_reports_of_the_corpus_have_every_finding(outcome: Outcome) -> None:
    number = len(outcome.diagnostics)
    assert len({it["fingerprint"] for it in json.loads(render("gitlab", outcome))}) == number
    assert len([*ElementTree.fromstring(render("checkstyle", outcome)).iter("error")]) == number
    assert len([*ElementTree.fromstring(render("junit", outcome)).iter("failure")]) == number
    assert len(render("github", outcome).splitlines()) == number
    place = re.compile(r"[^:]+:\d+:\d+: (error|warning|note)\[[a-z-]+\] \S")
    assert sum(place.match(line) is not None for line in render("concise", outcome).splitlines()) == number


def test_the_sarif_of_the_corpus_passes_the_validator(outcome: Outcome, tmp_path: Path) -> None:
    if "SARIF_MULTITOOL_DIR" not in os.environ:
        pytest.skip("SARIF_MULTITOOL_DIR does not name a folder with the SARIF Multitool")
    report = tmp_path / "corpus.sarif"
    log = json.loads(render("sarif", outcome))
    (only,) = log["runs"]
    assert len(only["results"]) == len(outcome.diagnostics)
    only["results"] = only["results"][:5000]
    report.write_text(json.dumps(log), encoding="utf-8")
    command = [str(SHARED / "tools" / "sarifcheck.sh"), str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
