"""What the examples of the rules on media and base images cannot show: silence, softening and fixes."""

from __future__ import annotations

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.testing import findings

SHA256 = "sha256:" + "a0" * 32
HTTP = "insecure-download-url"


def of_qemu(rule: str, body: str, rest: str = "") -> tuple[Diagnostic, ...]:
    """The findings in one source and what stands beside it."""
    return findings(rule, {"t.pkr.hcl": f'source "qemu" "x" {{\n{body}\n}}\n{rest}'})


def of_amazon(rule: str, body: str, rest: str = "", builder: str = "amazon-ebs") -> tuple[Diagnostic, ...]:
    """The findings in one source that a build uses."""
    source = f'source "{builder}" "x" {{\n{body}\n}}\nbuild {{\n  sources = ["source.{builder}.x"]\n}}\n'
    return findings(rule, {"t.pkr.hcl": source + rest})


# Lesson 2: an empty default is to be supplied


@pytest.mark.parametrize("value", ["var.x", '"sha256:${var.x}"', '"file:${var.x}"'])
def test_lesson_2_a_checksum_that_a_build_supplies(value: str) -> None:
    body = f'iso_url = "http://example.org/a.iso"\niso_checksum = {value}'
    empty = 'variable "x" {\n  default = ""\n}\n'
    for rule in ("iso-checksum-malformed", "iso-checksum-none", "weak-checksum", HTTP):
        assert not of_qemu(rule, body, empty)


def test_lesson_2_names_sizes_and_owners_that_a_build_supplies() -> None:
    empty = 'variable "x" {\n  default = ""\n}\nvariable "l" {\n  default = []\n}\n'
    assert not of_qemu("disk-size-unit", 'disk_size = var.x\ndisk_additional_size = ["${var.x}GB"]', empty)
    assert not of_amazon("image-name-not-unique", 'ami_name = "web${var.x}"', empty)
    body = 'source_ami_filter {\n  filters = { name = "a" }\n  owners = var.l\n}'
    assert not of_amazon("base-image-owner-missing", body, empty, "amazon-chroot")
    assert len(of_amazon("base-image-owner-missing", body.replace("var.l", "[]"), "", "amazon-chroot")) == 1
    assert not of_amazon("temporary-security-group-open", "security_group_ids = var.l", empty)
    assert not of_amazon(
        "temporary-security-group-open", "temporary_security_group_source_cidrs = var.l", empty
    )
    assert len(of_amazon("temporary-security-group-open", "temporary_security_group_source_cidrs = []")) == 1


# Lesson 9: a disk image of one's own is no install media


@pytest.mark.parametrize("url", ["output/a.qcow2", "file:///srv/a.qcow2", "C:/images/a.qcow2", "../a.qcow2"])
def test_lesson_9_an_image_on_this_machine_needs_no_checksum(url: str) -> None:
    assert not of_qemu("iso-checksum-none", f'iso_url = "{url}"\niso_checksum = "none"')


def test_media_of_which_nothing_is_known() -> None:
    body = 'iso_url = var.x\niso_checksum = "none"'
    assert not of_qemu("iso-checksum-none", body, 'variable "x" {}')
    assert not of_qemu("weak-checksum", body.replace("none", "a0" * 16), 'variable "x" {}')


# Lesson 15: what is as it should be


def test_lesson_15_http_media_with_a_pinned_checksum() -> None:
    body = 'iso_url = "http://example.org/a.iso"\niso_checksum = "%s"'
    for checksum in (SHA256, "file:https://example.org/SHA256SUMS", "md5:" + "a0" * 16):
        assert not of_qemu(HTTP, body % checksum)
    (one,) = of_qemu(HTTP, body % "none")
    assert one.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("host", "severity"),
    [
        ("192.168.1.4", Severity.NOTE),
        ("10.0.0.1:8080", Severity.NOTE),
        ("mirror", Severity.NOTE),
        ("mirror.lan", Severity.NOTE),
        ("files.home.arpa", Severity.NOTE),
        ("local.example.org", Severity.WARNING),
        ("8.8.8.8", Severity.WARNING),
        ("[bad", Severity.NOTE),
    ],
)
def test_lesson_15_a_server_of_ones_own(host: str, severity: Severity) -> None:
    (one,) = of_qemu(HTTP, f'iso_url = "a.iso"\niso_checksum = "file:http://{host}/SHA256SUMS"')
    assert one.severity is severity


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]"])
def test_lesson_15_a_server_on_this_machine(host: str) -> None:
    assert not of_qemu(HTTP, f'iso_url = "a.iso"\niso_checksum = "file:http://{host}/SHA256SUMS"')
    assert not of_qemu(HTTP, f'iso_url = "http://{host}/a.iso"\niso_checksum = "none"')


def test_lesson_15_an_image_that_is_public_by_default() -> None:
    groups = 'variable "g" {\n  default = ["all"]\n}\n'
    (one,) = of_amazon("image-shared-publicly", "ami_groups = var.g", groups)
    assert one.severity is Severity.NOTE
    assert "with the default of `var.g`" in one.message


def test_a_password_in_a_url_is_not_told() -> None:
    (one,) = of_qemu(HTTP, 'iso_url = "http://me:hunter2@example.org/a.iso"\niso_checksum = "none"')
    assert "hunter2" not in one.message + (one.hint or "")


def test_the_secure_scheme_is_written_where_the_url_is() -> None:
    body = 'iso_url = "http://${var.host}/a.iso"\niso_checksum = "none"'
    host = 'variable "host" {\n  default = "example.org"\n}\n'
    (one,) = of_qemu(HTTP, body, host)
    assert one.fix is not None and not one.fix.safe
    (edit,) = one.fix.edits
    text = edit.range.document.text
    assert 'iso_url = "https://${var.host}/a.iso"' in (
        text[: edit.range.start] + edit.replacement + text[edit.range.end :]
    )
    url = 'variable "host" {\n  default = "http://example.org"\n}\n'
    (one,) = of_qemu(HTTP, body.replace("http://${var.host}", "${var.host}"), url)
    assert one.fix is None and "`var.host`" in one.message


# Durations


def test_an_empty_duration_is_none() -> None:
    step = 'build {\n  provisioner "shell-local" {\n    inline = ["true"]\n    timeout = %s\n  }\n}\n'
    rest = 'variable "x" {\n  default = ""\n}\nvariable "y" {\n  default = "5"\n}\nvariable "z" {}\n'
    for value in ('""', "var.x", "var.z", "null", '"${var.z}s"'):
        assert not findings("invalid-duration", {"t.pkr.hcl": step % value + rest})
    (one,) = findings("invalid-duration", {"t.pkr.hcl": step % "var.y" + rest})
    assert one.severity is Severity.WARNING and one.fix is None


def test_a_step_of_a_legacy_template_is_told_once() -> None:
    text = '{"builders": [{"type": "null"}], "provisioners": [{"type": "shell-local", "timeout": "5"}]}'
    assert not findings("invalid-duration", {"t.json": text})


def test_only_seconds_of_packer_itself_are_a_fix() -> None:
    (one,) = of_qemu("invalid-duration", 'boot_wait = "10"')
    assert one.fix is None and one.hint is not None and one.hint.startswith("give it a unit")


# Amazon


@pytest.mark.parametrize("value", ['"${var.x}*"', "var.x"])
def test_a_pattern_that_is_not_known(value: str) -> None:
    body = f'source_ami_filter {{\n  filters = {{ name = {value} }}\n  owners = ["self"]\n}}'
    assert not of_amazon("ambiguous-base-image", body, 'variable "x" {}')


def test_the_newest_of_anybodys_images_is_no_fix() -> None:
    (one,) = of_amazon("ambiguous-base-image", 'source_ami_filter {\n  filters = { name = "a*" }\n}')
    assert one.fix is None


def test_owners_that_are_missing_are_told_once() -> None:
    body = 'source_ami_filter {\n  filters = { name = "a" }\n}'
    assert not of_amazon("base-image-owner-missing", body)
    assert not findings("base-image-owner-missing", {"t.pkr.hcl": 'data "amazon-ami" "x" {}\n'})


def test_a_base_that_wants_tokens_already() -> None:
    body = 'ami_name = "x"\nsource_ami_filter {\n  filters = { name = "al2023-ami-*" }\n}'
    (one,) = of_amazon("imdsv2-not-required", body)
    assert one.severity is Severity.NOTE and "the image" in one.message
    older = of_amazon("imdsv2-not-required", body.replace("al2023", "amzn2"))
    assert [it.severity for it in older] == [Severity.NOTE, Severity.WARNING]


def test_a_service_that_is_off_answers_nobody() -> None:
    body = 'imds_support = "v2.0"\nmetadata_options {\n  http_endpoint = "%s"\n}'
    assert not of_amazon("imdsv2-not-required", body % "disabled")
    assert len(of_amazon("imdsv2-not-required", body % "enabled")) == 1


def test_a_volume_is_no_image() -> None:
    (one,) = of_amazon("imdsv2-not-required", "", "", "amazon-ebsvolume")
    assert "build instance" in one.message


def test_a_public_address_is_found_out_only_by_plugins_that_can() -> None:
    plugin = (
        "packer {\n  required_plugins {\n    amazon = {\n"
        '      source = "github.com/hashicorp/amazon"\n      version = "%s"\n    }\n  }\n}\n'
    )
    body = 'instance_type = "t3.micro"'
    for version, fixed in ((">= 1.0.0", False), ("~> 1.2", True)):
        (one,) = of_amazon("temporary-security-group-open", body, plugin % version)
        assert (one.fix is not None) is fixed


@pytest.mark.parametrize("rule", ["imdsv2-not-required", "temporary-security-group-open"])
def test_what_is_absent_is_not_told_of_a_broken_template(rule: str) -> None:
    assert {it.rule for it in of_amazon(rule, "", "locals {\n  a = \n}\n")} == {"syntax-error"}


# Disks


def test_a_size_for_the_builder_that_takes_it() -> None:
    cloud = 'source "googlecompute" "x" {\n  disk_size = 10\n}\n'
    assert not findings("disk-size-unit", {"t.pkr.hcl": cloud})
    machine = 'source "virtualbox-iso" "x" {\n  disk_size = %s\n}\n'
    for size, number in (("1023", 1), ("1024", 0), ("2097152", 0), ("2097153", 1), ("0", 0), ('"40GB"', 0)):
        found = findings("disk-size-unit", {"t.pkr.hcl": machine % size})
        assert len(found) == number
        assert all(it.severity is Severity.NOTE for it in found)


def test_the_size_that_was_meant() -> None:
    for size, meant in (("40GB", "40G"), ("40 g", "40G"), ("1TiB", "1T")):
        (one,) = of_qemu("disk-size-unit", f'disk_size = "{size}"')
        assert one.hint == f'write "{meant}"'
