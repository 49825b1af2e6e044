"""What the rules about plugins, versions and what is gone say, where they are silent, and what they mend."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.pipeline import run
from packlint.settings import Settings

PATH = "/usr/local/bin:/usr/bin:/bin"
NO_PACKER = pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")

RULES = frozenset(
    {
        *("deprecated-argument", "removed-argument", "renamed-component", "plugin-source-moved"),
        *("unknown-component", "missing-required-plugin", "plugin-alias-differs", "needs-newer-version"),
    }
)


def found(folder: Path, files: str | Mapping[str, str], *rules: str) -> list[Diagnostic]:
    """What some of these rules, or all, say of a template; a lone text is HCL."""
    for name, text in ({"t.pkr.hcl": files} if isinstance(files, str) else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(cleandoc(text) + "\n", encoding="utf-8", newline="")
    settings = Settings(select=frozenset(rules) or RULES)
    return [it for it in run([folder], settings, folder).diagnostics if it.rule in RULES]


def mended(folder: Path, text: str, name: str, *rules: str) -> str:
    """A text after all fixes of some rules, one after the other."""
    for _ in range(100):
        fixes = [it.fix for it in found(folder, {name: text}, *rules) if it.fix is not None]
        if not fixes:
            return cleandoc(text) + "\n"
        text = cleandoc(text) + "\n"
        for edit in sorted(fixes[0].edits, key=lambda it: -it.range.start):
            text = text[: edit.range.start] + edit.replacement + text[edit.range.end :]
    raise AssertionError("the fixes come to no end")


def packer(constraint: str) -> str:
    """A block with `required_version`."""
    return f'packer {{\n  required_version = "{constraint}"\n}}\n'


def requires(name: str, version: str, owner: str = "hashicorp", plugin: str = "") -> str:
    """A block that requires a plugin."""
    source = f"github.com/{owner}/{plugin or name}"
    entry = f'{{ source = "{source}", version = "{version}" }}'
    return f"packer {{\n  required_plugins {{\n    {name} = {entry}\n  }}\n}}\n"


def source(type_: str, body: str = "") -> str:
    """A source and a build of it."""
    return f'source "{type_}" "x" {{\n{body}\n}}\nbuild {{\n  sources = ["source.{type_}.x"]\n}}\n'


@pytest.mark.parametrize(
    ("constraint", "severity"),
    [
        ("= 1.0.11", None),
        ("~> 1.2.0", None),
        (">= 1.0.0, < 2.0.0", None),  # releases that packlint has not read lie between: it does not guess
        ("~> 1", Severity.WARNING),
        (">= 1.0.0", Severity.WARNING),
        (">= 2.0.0", Severity.ERROR),
        ("= 1.0.0, = 2.0.0", None),
    ],
)
def test_what_is_gone_is_told_of_the_versions_without_it(
    constraint: str, severity: Severity | None, tmp_path: Path
) -> None:
    text = requires("vmware", constraint, "vmware") + source("vmware-iso", '  remote_host = "esx"')
    told = found(tmp_path, text, "removed-argument")
    assert [it.severity for it in told] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        (source("qemu", '  iso_md5 = "0"'), Severity.WARNING),
        (requires("qemu", ">= 1.0.0") + source("qemu", '  iso_md5 = "0"'), Severity.ERROR),
        (requires("qemu", ">= 1.0.0") + source("qemu", '  iso_checksum_type = "md5"'), Severity.ERROR),
        ({"t.json": '{"builders": [{"type": "qemu", "iso_md5": "0"}]}'}, Severity.WARNING),
        (packer("~> 1.5.0") + source("qemu", '  iso_checksum_type = "md5"'), None),
        (source("amazon-ebs", '  iso_checksum_type = "md5"'), None),  # it never had one
    ],
)
def test_what_is_gone_with_packer_1_6(
    files: str | Mapping[str, str], severity: Severity | None, tmp_path: Path
) -> None:
    told = found(tmp_path, files, "removed-argument")
    assert [it.severity for it in told] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("before", "after", "safe"),
    [
        (
            '  iso_checksum_type = "sha256"\n  iso_checksum      = "abc"',
            '  iso_checksum      = "sha256:abc"',
            True,
        ),
        (
            '  iso_checksum      = "sha256:abc"\n  iso_checksum_type = "sha256"',
            '  iso_checksum      = "sha256:abc"',
            True,
        ),
        (
            '  iso_checksum      = var.sum\n  iso_checksum_type = "sha256"',
            '  iso_checksum      = "sha256:${var.sum}"',
            False,
        ),
        (
            '  iso_checksum      = "abc"\n  iso_checksum_type = var.type',
            '  iso_checksum      = "${var.type}:abc"',
            False,
        ),
        ('  iso_checksum_type = "none"', '  iso_checksum      = "none"', True),
        ('  iso_checksum      = "abc"\n  iso_checksum_type = "none"', '  iso_checksum      = "none"', True),
        ('  iso_checksum_url = "https://x/SUMS"', '  iso_checksum     = "file:https://x/SUMS"', True),
        ('  iso_md5 = "abc"', '  iso_checksum = "md5:abc"', True),
        ('  ssh_key_path = "key"', '  ssh_private_key_file = "key"', True),
    ],
)
def test_checksums_become_one(before: str, after: str, safe: bool, tmp_path: Path) -> None:
    text = source("qemu", before)
    (diagnostic,) = found(tmp_path, text, "removed-argument")
    assert diagnostic.fix is not None
    assert diagnostic.fix.safe == safe
    assert mended(tmp_path, text, "t.pkr.hcl", "removed-argument") == source("qemu", after)


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("vsphere-iso", '  network_card = "vmxnet3"'),  # into a block
        ("qemu", '  ssh_key_path = "a"\n  ssh_private_key_file = "b"'),
        ("qemu", '  iso_checksum_type = "md5"\n  iso_checksum = <<EOT\nabc\nEOT'),
        ("virtualbox-iso", "  guest_additions_attach = var.attach"),
    ],
)
def test_what_cannot_be_mended_safely_is_not(type_: str, body: str, tmp_path: Path) -> None:
    (diagnostic,) = found(tmp_path, source(type_, body), "removed-argument")
    assert diagnostic.fix is None or not diagnostic.fix.safe
    assert diagnostic.hint


LEGACY = """
{"builders": [
  {"type": "qemu", "name": "a", "iso_checksum_type": "md5", "iso_checksum": "abc", "ssh_wait_timeout": "1m"},
  {"type": "qemu", "name": "b", "ssh_key_path": "k", "ssh_host_port_min": 1, "ssh_host_port_max": 2},
  {"type": "qemu", "name": "c", "iso_checksum_type": "{{user `t`}}", "iso_checksum": "{{user `c`}}"},
  {"type": "qemu", "name": "d", "iso_checksum_type": "sha256", "iso_checksum_url": "http://x/SUMS"},
  {"type": "qemu", "name": "e", "iso_md5": "abc"},
  {"type": "virtualbox-iso", "name": "f", "ssh_disable_agent": true, "ssh_skip_nat_mapping": true},
  {"type": "hyperv-iso", "name": "g", "cpu": 2, "ram_size": 3, "vhd_temp_path": "x"},
  {"type": "hyperv-vmcx", "name": "h", "clone_from_vmxc_path": "x"},
  {"type": "amazon-ebs", "name": "i", "ssh_private_ip": true, "enhanced_networking": true},
  {"type": "amazon-ebs", "name": "j", "ssh_private_ip": false, "shutdown_behaviour": "stop"},
  {"type": "amazon-ebs", "name": "k", "temporary_security_group_source_cidr": "0.0.0.0/0"},
  {"type": "amazon-ebs", "name": "l", "spot_price_auto_product": "x"},
  {"type": "parallels-iso", "name": "m", "headless": true, "guest_os_distribution": "u",
   "parallels_tools_host_path": "x"}
],
"variables": {"t": "md5", "c": "abc"},
"provisioners": [{"type": "ansible-local", "galaxycommand": "g", "playbook_file": "p"}],
"post-processors": [{"type": "manifest", "filename": "m.json"}, {"type": "docker-push", "login_email": "x"}]}
"""


@NO_PACKER
def test_a_legacy_template_is_mended_as_packer_fix_does(tmp_path: Path) -> None:
    ours = mended(tmp_path, LEGACY, "t.json", "removed-argument", "deprecated-argument")
    (tmp_path / "t.json").write_text(LEGACY, encoding="utf-8")
    command = ["packer", "fix", "-validate=false", str(tmp_path / "t.json")]
    environment = {"CHECKPOINT_DISABLE": "1", "HOME": str(tmp_path), "PATH": PATH}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert json.loads(ours) == json.loads(done.stdout)


@pytest.mark.parametrize(
    ("text", "hint", "safe"),
    [
        (source("qemu", '  ssh_wait_timeout = "1m"'), "use `ssh_timeout`", True),
        (
            source("qemu", '  ssh_wait_timeout = "1m"\n  ssh_timeout = "1m"'),
            "see that `ssh_timeout`, which is given too",
            None,
        ),
        (source("amazon-ebs", "  enable_t2_unlimited = true"), "use `enable_unlimited_credits`", False),
        (source("amazon-ebs", '  tenancy = "host"'), "use `tenancy` in a `placement` block", None),
        (source("amazon-ebs", '  spot_price_auto_product = "x"'), "remove it", False),
        (source("proxmox-iso", "  unmount_iso = true"), "use `unmount` in a `boot_iso` block", None),
        (source("proxmox-iso", '  boot_iso {\n    device = "ide3"\n  }'), "use `type`", None),
        (source("scaleway", '  region = "par1"'), "use `zone`", None),  # its values are others
    ],
)
def test_what_takes_the_place_of_a_deprecated_argument(
    text: str, hint: str, safe: bool | None, tmp_path: Path
) -> None:
    (diagnostic,) = found(tmp_path, text, "deprecated-argument")
    assert hint in (diagnostic.hint or "")
    assert (None if diagnostic.fix is None else diagnostic.fix.safe) is safe


@pytest.mark.parametrize(
    ("constraint", "severity"),
    [("= 1.1.8", None), (">= 1.1.0", Severity.NOTE), (">= 1.2.0", Severity.WARNING)],
)
def test_an_argument_is_deprecated_since_there_is_another(
    constraint: str, severity: Severity | None, tmp_path: Path
) -> None:
    text = requires("proxmox", constraint) + source("proxmox-iso", '  iso_file = "local:iso/x.iso"')
    told = found(tmp_path, text, "deprecated-argument")
    assert [it.severity for it in told] == ([] if severity is None else [severity])


def test_a_token_that_only_its_old_environment_variable_makes_old_is_not_deprecated(tmp_path: Path) -> None:
    assert found(tmp_path, source("digitalocean", '  api_token = "x"'), "deprecated-argument") == []


def test_an_argument_that_is_refused_when_it_is_set_may_be_empty(tmp_path: Path) -> None:
    text = requires("vmware", ">= 2.0.0", "vmware")
    (diagnostic,) = found(tmp_path, text + source("vmware-iso", '  remote_type = "esx5"'))
    assert (diagnostic.rule, diagnostic.range.first.line) == ("removed-argument", 7)
    assert found(tmp_path, text + source("vmware-iso", '  remote_type = ""')) == []


def test_only_the_type_of_a_legacy_builder_is_renamed_in_place(tmp_path: Path) -> None:
    (in_hcl,) = found(tmp_path / "hcl", source("virtualbox"), "renamed-component")
    assert in_hcl.fix is None
    text = '{"builders": [{"type": "virtualbox", "name": "virtualbox"}]}'
    assert json.loads(mended(tmp_path / "legacy", text, "t.json", "renamed-component")) == {
        "builders": [{"type": "virtualbox-iso", "name": "virtualbox"}]
    }


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        (source("osc-bsu"), Severity.WARNING),
        (packer("~> 1.7.0") + source("osc-bsu"), Severity.WARNING),
        (packer(">= 1.8.0") + source("osc-bsu"), Severity.ERROR),
        (packer("~> 1.6.0") + source("osc-bsu"), None),
        (requires("osc", ">= 1.0.0", "example") + source("osc-bsu"), None),
    ],
)
def test_a_retired_component(files: str, severity: Severity | None, tmp_path: Path) -> None:
    told = found(tmp_path, files, "renamed-component", "unknown-component")
    assert [(it.rule, it.severity) for it in told] == ([("renamed-component", severity)] if severity else [])


@pytest.mark.parametrize(
    ("text", "severity", "hint"),
    [
        (
            requires("amazon", ">= 1.0.0") + source("amazon-ebss"),
            Severity.ERROR,
            "did you mean `amazon-ebs`?",
        ),
        (requires("aws", ">= 1.0.0", plugin="amazon") + source("aws-ebss"), Severity.ERROR, "`aws-ebs`?"),
        (requires("amazon", ">= 1.0.0") + source("amazon-teleport"), Severity.WARNING, None),
        (requires("amazon", "= 1.0.0") + source("amazon-ebss"), Severity.WARNING, "`amazon-ebs`?"),
        (requires("qemu", ">= 1.0.0") + source("nul"), Severity.ERROR, "did you mean `null`?"),
        (source("nul"), Severity.WARNING, "did you mean `null`?"),
        (source("our-own"), Severity.NOTE, "require the plugin that brings it"),
        (source("shell-local"), Severity.WARNING, "`shell-local` is a provisioner"),
        (source("vsphere"), Severity.WARNING, "is a post-processor; did you mean `vsphere-clone`, `vsphere-"),
    ],
)
def test_how_sure_it_is_that_a_component_is_unknown(
    text: str, severity: Severity, hint: str | None, tmp_path: Path
) -> None:
    (diagnostic,) = found(tmp_path, text, "unknown-component")
    assert diagnostic.severity == severity
    assert (hint or "") in (diagnostic.hint or "")


@pytest.mark.parametrize("required", ["", requires("chef", ">= 1.0.0")])
def test_the_name_of_a_plugin_is_not_that_of_its_components(required: str, tmp_path: Path) -> None:
    text = required + source("null").replace("build {", 'build {\n  provisioner "chef" {}')
    (diagnostic,) = found(tmp_path, text, "unknown-component")
    assert diagnostic.hint == "did you mean `chef-client` or `chef-solo`?"


@pytest.mark.parametrize(
    "files",
    [
        requires("our", ">= 1.0.0", "example") + source("our-own"),
        requires("amazon", ">= 99.0.0") + source("amazon-ebss"),
        requires("vsphere", ">= 1.0.0", "vmware")
        + 'data "vsphere-host" "x" {}\n'
        + source("vsphere-iso"),  # a data source that only newer code of the plugin has
        'packer {\n  required_plugins {\n    our = ">= 1.0.0"\n  }\n}\n' + source("our-own"),
        'source "our-own" "x" {}\n',  # a part of other templates
        {"a.pkr.hcl": source("our-own"), "b.pkr.hcl": "packer {"},
    ],
)
def test_a_component_that_somebody_may_bring_is_not_unknown(
    files: str | Mapping[str, str], tmp_path: Path
) -> None:
    assert found(tmp_path, files, "unknown-component") == []


def test_each_component_is_told_of_by_one_rule(tmp_path: Path) -> None:
    text = "".join(source(type_).partition("build {")[0] for type_ in ("amazon-ebss", "virtualbox", "qemu"))
    text += 'build {\n  sources = ["source.amazon-ebss.x", "source.virtualbox.x", "source.qemu.x"]\n}\n'
    told = found(tmp_path, text, "unknown-component", "renamed-component", "missing-required-plugin")
    assert sorted((it.range.first.line, it.rule) for it in told) == [
        (1, "unknown-component"),
        (4, "renamed-component"),
        (7, "missing-required-plugin"),
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (source("qemu"), "plugin `qemu` is not in `required_plugins`"),
        (packer("~> 1.10") + source("qemu"), "plugin `qemu` is not in `required_plugins`"),
        (packer(">= 1.9.0") + source("qemu"), "plugin `qemu` is not in `required_plugins`"),
        (packer("< 1.10.0") + source("qemu"), None),
        (packer("< 1.10.0") + source("tart-cli"), "plugin `tart` is not in `required_plugins`"),
        (requires("qemu", "~> 1.0") + source("qemu"), None),
        (requires("qemu", "~> 1.0", "example") + source("qemu"), None),  # a fork that packlint does not know
        (requires("virtual", "~> 1.0", plugin="qemu") + source("qemu"), None),  # `plugin-alias-differs` tells
        (requires("vmware", "~> 1.0") + source("vmware-iso"), None),  # at its old address
        (source("null"), None),
        (source("our-own"), None),
        ('source "qemu" "x" {}\n', None),
        ({"a.pkr.hcl": source("qemu"), "b.pkr.hcl": requires("qemu", "~> 1.0")}, None),
        ({"a.pkr.hcl": source("qemu"), "b.pkr.hcl": "packer {"}, None),
        ({"images/a.pkr.hcl": source("qemu"), "common.pkr.hcl": requires("qemu", "~> 1.0")}, None),
        (
            {"images/a.pkr.hcl": source("qemu"), "common.pkr.hcl": requires("vagrant", "~> 1.0")},
            "plugin `qemu` is not in `required_plugins`",
        ),
    ],
)
def test_which_plugins_are_missing(
    files: str | Mapping[str, str], message: str | None, tmp_path: Path
) -> None:
    told = found(tmp_path, files, "missing-required-plugin")
    assert [it.message for it in told] == ([] if message is None else [message])


ENTRY = """\
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "~> 1.1"
    }
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "packer {\n  required_plugins {\n" + ENTRY + "  }\n}\n\n"),
        (
            'packer {\n  required_version = ">= 1.11.0"\n}\n\n',
            'packer {\n  required_version = ">= 1.11.0"\n  required_plugins {\n' + ENTRY + "  }\n}\n\n",
        ),
        ("packer {}\n\n", "packer {\n  required_plugins {\n" + ENTRY + "  }\n}\n\n"),
        ("packer {\n  required_plugins {}\n}\n", "packer {\n  required_plugins {\n" + ENTRY + "  }\n}\n"),
        (
            requires("docker", "~> 1.1"),
            requires("docker", "~> 1.1").replace("  }\n}\n", "") + ENTRY + "  }\n}\n",
        ),
    ],
)
def test_the_missing_entry_is_written_as_packer_fmt_does(before: str, after: str, tmp_path: Path) -> None:
    changed = mended(tmp_path, before + source("qemu"), "t.pkr.hcl", "missing-required-plugin")
    assert changed == after + source("qemu")
    if shutil.which("packer"):
        environment = {
            "CHECKPOINT_DISABLE": "1",
            "HOME": str(tmp_path),
            "PATH": PATH,
        }
        (tmp_path / "t.pkr.hcl").write_text(changed.replace("{\n\n}", "{\n}"), encoding="utf-8")
        command = ["packer", "fmt", "-check", "-diff", str(tmp_path / "t.pkr.hcl")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert (done.returncode, done.stdout) == (0, "")


def test_entries_are_written_where_the_block_stands(tmp_path: Path) -> None:
    files = {"a.pkr.hcl": source("qemu"), "z.pkr.hcl": requires("docker", "~> 1.1")}
    (diagnostic,) = found(tmp_path, files, "missing-required-plugin")
    assert diagnostic.range.document.path == "a.pkr.hcl"
    assert diagnostic.fix is not None
    assert [edit.range.document.path for edit in diagnostic.fix.edits] == ["z.pkr.hcl"]


@pytest.mark.parametrize(
    "files",
    [
        {"t.pkr.json": '{"source": {"qemu": {"x": {}}}, "build": {"sources": ["source.qemu.x"]}}'},
        source("aquarium-rest"),  # a plugin without a release
    ],
)
def test_what_cannot_be_written_is_said(files: str | Mapping[str, str], tmp_path: Path) -> None:
    (diagnostic,) = found(tmp_path, files, "missing-required-plugin")
    assert diagnostic.fix is None
    assert diagnostic.hint is not None
    assert "packer init" in diagnostic.hint


def test_an_old_packer_does_not_read_what_the_fix_writes(tmp_path: Path) -> None:
    (diagnostic,) = found(tmp_path, packer(">= 1.6.0") + source("qemu"), "missing-required-plugin")
    assert diagnostic.fix is not None
    assert not diagnostic.fix.safe


def test_a_legacy_template_is_told_what_to_install(tmp_path: Path) -> None:
    text = '{"builders": [{"type": "qemu"}], "post-processors": ["vagrant", "manifest"]}'
    (diagnostic,) = found(tmp_path, {"t.json": text}, "missing-required-plugin")
    assert diagnostic.severity == Severity.NOTE
    assert diagnostic.hint == (
        "run `packer plugins install github.com/hashicorp/qemu`; "
        "`packer plugins install github.com/hashicorp/vagrant`"
    )


@pytest.mark.parametrize(
    ("address", "version", "new", "safe"),
    [
        ("github.com/hashicorp/vmware", ">= 1.0.0", "github.com/vmware/vmware", True),
        ("github.com/HashiCorp/VMware", "= 1.0.0", "github.com/vmware/vmware", False),
        ("github.com/hashicorp/amazon", ">= 1.0.0", None, True),
        ("github.com/parallels/parallels", ">= 1.0.0", None, True),
        ("github.com/example/vmware", ">= 1.0.0", None, True),
    ],
)
def test_which_addresses_are_old(
    address: str, version: str, new: str | None, safe: bool, tmp_path: Path
) -> None:
    _, owner, plugin = address.split("/")
    text = requires("x", version, owner, plugin)
    told = found(tmp_path, text, "plugin-source-moved")
    assert [it.range.text for it in told] == ([] if new is None else [f'"{address}"'])
    if new is not None:
        assert told[0].fix is not None
        assert told[0].fix.safe == safe
        assert mended(tmp_path, text, "t.pkr.hcl", "plugin-source-moved") == text.replace(address, new)


@pytest.mark.parametrize(
    ("text", "severity", "name"),
    [
        (requires("qemu", "= 1.0.6"), Severity.ERROR, "`efi_boot` needs plugin `qemu` 1.0.7 or newer, which"),
        (requires("qemu", ">= 1.0.6"), Severity.NOTE, "`efi_boot` needs plugin `qemu` 1.0.7 or newer, and"),
        (requires("qemu", ">= 1.0.7"), None, ""),
        (requires("qemu", "~> 1.1"), None, ""),
        ("", None, ""),
        (packer(">= 1.7.0"), None, ""),
    ],
)
def test_arguments_that_the_admitted_versions_lack(
    text: str, severity: Severity | None, name: str, tmp_path: Path
) -> None:
    told = found(tmp_path, text + source("qemu", "  efi_boot = true"), "needs-newer-version")
    assert [it.severity for it in told] == ([] if severity is None else [severity])
    assert all(it.message.startswith(name) for it in told)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ('locals {\n  a = startswith("a", "b")\n}', "1.13.0"),
        ("locals {\n  a = packer.versionFingerprint\n}", "1.10.1"),
        ('data "null" "a" {}', "1.7.5"),
        ('variable "a" {\n  type = object({ b = optional(string) })\n}', "1.16.0"),
        ('hcp_packer_registry {\n  bucket_name = "abc"\n}', "1.13.0"),
        ('build {\n  hcp_packer_registry {\n    channels = ["a"]\n  }\n}', "1.15.0"),
        ('build {\n  provisioner "shell" {\n    continue_on_error = true\n  }\n}', "1.16.0"),
        ('build {\n  error-cleanup-provisioner "shell-local" {}\n}', "1.7.0"),
        ('build {\n  post-processor "provenance" {}\n}', "1.16.0"),
    ],
)
def test_what_packer_itself_got_in_time(text: str, since: str, tmp_path: Path) -> None:
    before, at = found(tmp_path / "a", packer(f"< {since}") + text), packer(f">= {since}") + text
    assert any(
        it.severity == Severity.ERROR
        and f"Packer {since} or newer, which the template excludes" in it.message
        for it in before
    )
    assert [it for it in found(tmp_path / "b", at) if f"Packer {since}" in it.message] == []


@pytest.mark.parametrize(
    ("constraint", "after"),
    [(">= 1.0.0", ">= 1.0.7"), ("~> 1.0", "~> 1.0, >= 1.0.7"), (">= 1.0.0, < 2", ">= 1.0.0, < 2, >= 1.0.7")],
)
def test_the_constraint_is_raised(constraint: str, after: str, tmp_path: Path) -> None:
    text = requires("qemu", constraint) + source("qemu", "  efi_boot = true")
    assert mended(tmp_path, text, "t.pkr.hcl", "needs-newer-version") == text.replace(constraint, after)


def test_a_component_of_a_plugin_that_moved_its_code_is_no_new_one(tmp_path: Path) -> None:
    text = requires("outscale", ">= 1.0.0", "outscale") + source("outscale-bsu")
    assert found(tmp_path, text, "needs-newer-version") == []


def test_a_component_that_came_later_than_its_like(tmp_path: Path) -> None:
    text = requires("amazon", "= 1.0.0") + 'data "amazon-parameterstore" "x" {}\n'
    (diagnostic,) = found(tmp_path, text, "needs-newer-version")
    assert diagnostic.severity == Severity.ERROR
    assert diagnostic.message.startswith("data source `amazon-parameterstore` needs plugin `amazon` 1.0.1")


def test_a_legacy_template_requires_no_version_of_a_plugin(tmp_path: Path) -> None:
    text = '{"builders": [{"type": "vmware-iso", "remote_host": "esx"}]}'
    (one,) = found(tmp_path, {"t.json": text}, "removed-argument")
    assert one.hint == "remove it, or install the version that has it"
