"""Builders and post-processors → kinds of artifacts; the errors are those of the plugins."""

from pathlib import Path

import pytest

from packlint.artifact import BUILDERS, TAKERS, WITHOUT_FILES, Refused, after, artifact_of
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Build, Template
from packlint.parse import parse
from packlint.traits import builder


def build_of(folder: Path, type_: str, body: str, steps: str = "") -> Build:
    text = f'source "{type_}" "x" {{\n{body}\n}}\nbuild {{\n  sources = ["source.{type_}.x"]\n{steps}\n}}\n'
    file, told = parse(Document("x.pkr.hcl", text))
    assert not told
    (configuration,), _ = lower(Template("x.pkr.hcl", ("x.pkr.hcl",), Files(folder)), [file])
    return evaluate(configuration).builds[0]


@pytest.mark.parametrize(
    ("type_", "body", "kind"),
    [
        ("virtualbox-iso", "", "mitchellh.virtualbox"),
        ("amazon-ebs", "", "mitchellh.amazonebs"),
        ("null", "", "fnoeding.null"),
        ("proxmox", "", "proxmox.iso"),
        ("vmware-iso", "", "mitchellh.vmware"),
        ("vmware-iso", 'remote_type = "esx5"', "mitchellh.vmware-esx"),
        ("docker", "commit = true", "packer.post-processor.docker-import"),
        ("docker", 'export_path = "x.tar"', "packer.docker"),
        ("docker", "discard = true", "packer.docker"),
        ("docker", "commit = uuidv4()", None),
        ("docker", "", None),
        ("happycloud", "", None),
    ],
)
def test_artifact_of_a_source(tmp_path: Path, type_: str, body: str, kind: str | None) -> None:
    (use,) = build_of(tmp_path, type_, body).uses
    assert artifact_of(use) == kind


@pytest.mark.parametrize(
    ("step", "kind", "made"),
    [
        ('"vagrant" {}', "mitchellh.virtualbox", "mitchellh.post-processor.vagrant"),
        ('"vagrant" {}', "jetbrains.vsphere", Refused),
        ('"vagrant" {}', "packer.post-processor.compress", Refused),
        ('"vagrant" {}', "packer.post-processor.artifice", Refused),
        (
            '"vagrant" {\n provider_override = "virtualbox"\n}',
            "packer.post-processor.artifice",
            "mitchellh.post-processor.vagrant",
        ),
        ('"vagrant-cloud" {}', "mitchellh.virtualbox", Refused),
        ('"vagrant-cloud" {}', "vagrant", None),
        ('"docker-import" {}', "packer.docker", "packer.post-processor.docker-import"),
        ('"docker-import" {}', "packer.post-processor.docker-import", Refused),
        ('"docker-tag" {}', "packer.docker", Refused),
        ('"docker-tag" {}', "packer.post-processor.docker-import", "packer.post-processor.docker-tag"),
        ('"docker-push" {}', "packer.post-processor.docker-tag", "packer.post-processor.docker-import"),
        ('"docker-save" {}', "packer.post-processor.docker-tag", "packer.post-processor.docker-tag"),
        ('"manifest" {}', "fnoeding.null", "fnoeding.null"),
        ('"shell-local" {}', "fnoeding.null", "fnoeding.null"),
        ('"artifice" {}', "fnoeding.null", "packer.post-processor.artifice"),
        ('"checksum" {}', "transcend.qemu", "packer.post-processor.checksum"),
        ('"googlecompute-export" {}', "mitchellh.amazonebs", Refused),
        ('"googlecompute-import" {}', "transcend.qemu", Refused),
        ('"vsphere-template" {}', "mitchellh.vmware", Refused),
        ('"vsphere-template" {}', "mitchellh.vmware-esx", "mitchellh.vmware-esx"),
        ('"amazon-import" {}', "mitchellh.amazonebs", Refused),
        ('"amazon-import" {}', "mitchellh.virtualbox", None),
        ('"happycloud-import" {}', "mitchellh.virtualbox", None),
    ],
)
def test_what_a_step_makes(tmp_path: Path, step: str, kind: str, made: str | type | None) -> None:
    (post_processor,) = build_of(tmp_path, "qemu", "", f"post-processor {step}").post_processors
    found = after(post_processor, kind)
    if made is Refused:
        assert isinstance(found, Refused) and found.wants
    else:
        assert found == made


def test_the_tables_speak_of_builders_and_kinds_that_exist() -> None:
    assert [type_ for type_ in BUILDERS if builder(type_) is None] == []
    kinds = {*BUILDERS.values(), *(taker.makes for taker in TAKERS.values())}
    assert kinds >= WITHOUT_FILES
