"""Lessons about how Packer reaches a guest, types to it and shuts it down, and what examples cannot show."""

import pytest

from packlint.diagnostic import Severity
from packlint.testing import findings


def builder(type_: str, body: str, more: str = "") -> dict[str, str]:
    """A template with one source and a build of it."""
    return {
        "one.pkr.hcl": f'''
{more}
source "{type_}" "it" {{
  {body}
}}
build {{
  sources = ["source.{type_}.it"]
}}
'''
    }


ISO = 'iso_url = "debian-12-netinst.iso"\n  iso_checksum = "none"\n  ssh_username = "root"\n  '


@pytest.mark.parametrize("rule", ["iso-ssh-timeout-too-short", "shutdown-command-missing"])
def test_lesson_9_a_cloud_image_is_no_installation_and_no_communicator_no_shutdown(rule: str) -> None:
    quiet = f'{ISO}communicator = "none"'
    assert findings(rule, builder("qemu", quiet)) == ()
    assert len(findings(rule, builder("qemu", ISO))) == 1
    image = f'disk_image = true\n  ssh_timeout = "2m"\n  {ISO}'
    assert findings("iso-ssh-timeout-too-short", builder("qemu", image)) == ()


def test_lesson_8_windows_boot_commands_end_without_enter() -> None:
    body = 'boot_command = ["<spacebar><spacebar>", "<up><wait>"]'
    assert findings("boot-command-unknown-key", builder("hyperv-iso", body)) == ()


def test_lesson_17_other_builders_have_a_grammar_of_their_own() -> None:
    body = """boot_command = ["<wait60s><click 'Continue'><space><entr>"]"""
    assert findings("boot-command-unknown-key", builder("tart-cli", body)) == ()
    assert len(findings("boot-command-unknown-key", builder("qemu", body))) == 2


def test_lesson_18_placeholders_of_the_run_are_no_groups() -> None:
    body = 'boot_command = ["<wait{{ .Pause }}><{{ .Key }}>http://{{ .HTTPIP }}:{{ .HTTPPort }}/{{ .Name }}"]'
    assert findings("boot-command-unknown-key", builder("qemu", body)) == ()


def test_lesson_13_a_server_for_scripts_needs_no_reference() -> None:
    assert findings("http-reference-without-server", builder("qemu", 'http_directory = "http"')) == ()


@pytest.mark.parametrize(
    ("group", "meant"),
    [
        ("<entr>", "<enter>"),
        ("<Wait10>", "<wait10>"),
        ("<wait 10>", "<wait10>"),
        ("<wait1.5>", "<wait1.5s>"),
        ("<wait05>", "<wait5s>"),
        ("<wait2min>", "<wait2m>"),
        ("<wait 300 ms>", "<wait300ms>"),
        ("<WAIT>", "<wait>"),
        ("<enter >", "<enter>"),
        ("<ctrlOn>", "<leftCtrlOn>"),
        ("<backspace>", "<bs>"),
        ("<page_down>", "<pageDown>"),
        ("<enter", "<enter>"),
    ],
)
def test_what_was_meant_is_offered_and_the_place_is_exact(group: str, meant: str) -> None:
    found = findings(
        "boot-command-unknown-key", builder("qemu", f'boot_command = ["ls", "\\\\ a{group}<tab>"]')
    )
    first = next(it for it in found if it.severity is Severity.ERROR)
    assert first.range.text == group
    assert first.fix is not None
    assert [edit.replacement for edit in first.fix.edits] == [meant]
    assert not first.fix.safe


@pytest.mark.parametrize(
    "text",
    [
        "cat <<EOF>/etc/motd",
        "sh install.sh < install-chroot.sh && reboot",
        "<title>Home</title><tab>",
        "<ends>a</ends>",
        "ssh <user>@<host>",
        "<a><b>",
        "<wait${var.unknown}>",
        "<enter",
    ],
)
def test_other_brackets_are_left_alone(text: str) -> None:
    more = 'variable "unknown" {}'
    text = text.replace("<enter", "<enter${var.unknown}")
    body = f'boot_command = ["{text}"]'
    assert findings("boot-command-unknown-key", builder("virtualbox-iso", body, more)) == ()


def test_a_group_may_go_over_two_strings() -> None:
    body = 'boot_command = ["<en", "ter><en", "tr>"]'
    (found,) = findings("boot-command-unknown-key", builder("qemu", body))
    assert found.message.startswith("`<entr>`")
    assert found.fix is None


def test_a_held_key_is_a_warning_and_an_unknown_rest_may_let_it_go() -> None:
    (found,) = findings("boot-command-unknown-key", builder("qemu", 'boot_command = ["<leftAltOn><f1>"]'))
    assert (found.range.text, found.severity) == ("<leftAltOn>", Severity.WARNING)
    rest = builder("qemu", 'boot_command = ["<leftAltOn><f1>", var.rest]', 'variable "rest" {}')
    assert findings("boot-command-unknown-key", rest) == ()


def test_boot_steps_and_legacy_templates_are_read_too() -> None:
    (found,) = findings(
        "boot-command-unknown-key", builder("qemu", 'boot_steps = [["<entr>", "press <entr> to boot"]]')
    )
    assert found.range.first.column == 19
    legacy = '{"builders": [{"type": "qemu", "boot_command": ["\\u003cx{{user `a`}}<entr>"]}]}'
    (found,) = findings("boot-command-unknown-key", {"old.json": legacy})
    assert found.range.text == "<entr>"


def test_a_secret_is_not_spelled_out() -> None:
    more = 'variable "key" {\n  default = "<entr>"\n  sensitive = true\n}'
    body = 'boot_command = ["${var.key}", var.key]'
    assert findings("boot-command-unknown-key", builder("qemu", body, more)) == ()


def test_an_iso_as_a_disk_is_a_warning_and_names_that_are_not_known_are_silent() -> None:
    (found,) = findings("cloud-image-as-iso", builder("qemu", f"{ISO}disk_image = true"))
    assert found.severity is Severity.WARNING
    for name in ("${var.base}.qcow2", "miniroot.img", "generic.iso"):
        body = f'iso_url = "{name}"\n  iso_checksum = "none"\n  ssh_username = "root"'
        assert findings("cloud-image-as-iso", builder("qemu", body, 'variable "base" {}')) == ()


def test_an_image_by_the_default_of_a_variable_is_a_warning() -> None:
    more = 'variable "image" {\n  default = "noble-cloudimg.img"\n}'
    body = 'iso_url = var.image\n  iso_checksum = "none"\n  ssh_username = "root"'
    (found,) = findings("cloud-image-as-iso", builder("qemu", body, more))
    assert found.severity is Severity.WARNING
    assert "the default of `var.image`" in found.message


@pytest.mark.parametrize(
    ("timeout", "severity"),
    [("4m", Severity.WARNING), ("10m", Severity.NOTE), ("15m", None), ("soon", None)],
)
def test_a_timeout_that_was_chosen_is_a_note(timeout: str, severity: Severity | None) -> None:
    found = findings("iso-ssh-timeout-too-short", builder("qemu", f'{ISO}ssh_timeout = "{timeout}"'))
    assert [it.severity for it in found] == ([] if severity is None else [severity])


def test_windows_takes_longer_and_vsphere_has_a_timeout_of_its_own() -> None:
    windows = ISO.replace("debian-12-netinst", "windows_server_2022") + 'ssh_timeout = "20m"'
    assert len(findings("iso-ssh-timeout-too-short", builder("virtualbox-iso", windows))) == 1
    assert findings("iso-ssh-timeout-too-short", builder("vsphere-iso", ISO)) == ()


def test_a_live_system_answers_at_once() -> None:
    body = ISO.replace("debian-12-netinst", "archlinux-2024.01.01-x86_64")
    assert findings("iso-ssh-timeout-too-short", builder("qemu", body)) == ()


def test_sources_that_no_build_uses_may_get_more_and_are_silent() -> None:
    files = {"one.pkr.hcl": f'source "qemu" "it" {{\n  {ISO}\n}}\n'}
    for rule in ("iso-ssh-timeout-too-short", "shutdown-command-missing"):
        assert findings(rule, files) == ()


@pytest.mark.parametrize("inline", ["sudo poweroff", "/sbin/shutdown -h now"])
def test_a_provisioner_may_shut_the_guest_down(inline: str) -> None:
    files = builder("qemu", ISO)
    step = f'\n  provisioner "shell" {{\n    inline = ["{inline}"]\n  }}\n}}\n'
    written = files["one.pkr.hcl"].rstrip().removesuffix("}") + step
    assert findings("shutdown-command-missing", {"one.pkr.hcl": written}) == ()
    script = written.replace(f'inline = ["{inline}"]', 'script = "last.sh"')
    assert len(findings("shutdown-command-missing", {"one.pkr.hcl": script, "last.sh": "true\n"})) == 1
    assert findings("shutdown-command-missing", {"one.pkr.hcl": script, "last.sh": f"{inline}\n"}) == ()


WINRM = 'communicator = "winrm"\n  winrm_username = "Administrator"\n  '


@pytest.mark.parametrize(
    ("type_", "more", "severity"),
    [
        ("amazon-ebs", "", Severity.WARNING),
        ("proxmox-clone", "", Severity.NOTE),
        ("vmware-iso", 'remote_host = "esxi.example.com"', Severity.NOTE),
        ("null", 'winrm_host = "win.example.com"', Severity.NOTE),
        ("null", 'winrm_host = "127.0.0.1"', None),
        ("vmware-iso", "", None),
        ("hyperv-iso", "", None),
        ("amazon-ebs", 'ssh_interface = "session_manager"', None),
        ("googlecompute", "use_iap = true", None),
        ("kubevirt-iso", "", None),
        ("nobody-knows", "", None),
    ],
)
def test_winrm_is_judged_by_where_it_goes(type_: str, more: str, severity: Severity | None) -> None:
    found = findings("winrm-unencrypted", builder(type_, WINRM + more))
    assert [it.severity for it in found] == ([] if severity is None else [severity])


def test_winrm_by_a_default_is_a_step_milder_and_without_one_unknown() -> None:
    body = WINRM + "winrm_use_ssl = var.ssl"
    more = 'variable "ssl" {\n  type = bool\n  default = false\n}'
    (found,) = findings("winrm-unencrypted", builder("amazon-ebs", body, more))
    assert found.severity is Severity.NOTE
    assert findings("winrm-unencrypted", builder("amazon-ebs", body, 'variable "ssl" {}')) == ()


def test_lesson_15_certificates_of_a_laboratory_by_a_default_are_a_note() -> None:
    more = 'variable "insecure" {\n  default = true\n}'
    body = "insecure_connection = var.insecure"
    (found,) = findings("tls-verification-disabled", builder("vsphere-iso", body, more))
    assert found.severity is Severity.NOTE
    assert findings("tls-verification-disabled", builder("qemu", "insecure_connection = true")) == ()
    legacy = '{"builders": [{"type": "openstack", "insecure": "true"}]}'
    assert len(findings("tls-verification-disabled", {"old.json": legacy})) == 1
