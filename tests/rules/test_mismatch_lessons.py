"""False positives of rules about mismatches, each met or foreseen once: none of them may come back."""

import pytest

from packlint.diagnostic import Diagnostic
from packlint.testing import findings

GUEST_TYPE = "guest-os-type-mismatch"
GUEST = "provisioner-guest-mismatch"
COMMUNICATOR = "provisioner-communicator-mismatch"
ARTIFACT = "post-processor-artifact-mismatch"


def found(rule: str, type_: str, source: str, steps: str, rest: str = "") -> tuple[Diagnostic, ...]:
    block = f'source "{type_}" "x" {{\n{source}\n}}\n'
    build = f'build {{\n  sources = ["source.{type_}.x"]\n{steps}\n}}\n'
    return findings(rule, {"x.pkr.hcl": f"{block}{build}{rest}\n"})


def test_an_empty_default_is_to_be_supplied() -> None:
    variables = 'variable "os" {\n  default = ""\n}\nvariable "by" {\n  default = ""\n}'
    source = 'guest_os_type = var.os\niso_url = "Win10_22H2.iso"'
    assert not found(GUEST_TYPE, "virtualbox-iso", source, "", variables)
    assert not found(GUEST, "qemu", "communicator = var.by", 'provisioner "powershell" {}', variables)
    assert not found(COMMUNICATOR, "null", "communicator = var.by", 'provisioner "shell" {}', variables)


def test_a_default_is_reported_as_one_and_keeps_the_severity() -> None:
    variable = 'variable "url" {\n  default = "https://example.com/debian-12.iso"\n}'
    (one,) = found(GUEST, "qemu", "iso_url = var.url", 'provisioner "powershell" {}', variable)
    assert one.message == (
        "`powershell` needs Windows, but `qemu.x` builds Debian with the default of `var.url`"
    )
    assert one.severity.value == "error"


def test_a_variable_file_that_packer_loads_replaces_the_default() -> None:
    files = {
        "x.pkr.hcl": 'variable "url" {\n  default = "debian-12.iso"\n}\n'
        'source "qemu" "x" {\n  iso_url = var.url\n}\n'
        'build {\n  sources = ["source.qemu.x"]\n  provisioner "powershell" {}\n}\n',
        "x.auto.pkrvars.hcl": 'url = "Win10_22H2.iso"\n',
    }
    assert not findings(GUEST, files)


def test_cygwin_or_openssh_brings_a_shell_to_windows() -> None:
    source = 'iso_url = "Win10_22H2.iso"\ncommunicator = "ssh"'
    assert not found(GUEST, "qemu", source, 'provisioner "shell" {}')
    assert not found(GUEST, "qemu", source, 'provisioner "ansible-local" {}')


@pytest.mark.parametrize(
    "command",
    ["{{ .Vars }} cmd /c {{ .Path }}", "powershell -File {{ .Path }}", "bash.exe {{ .Path }}"],
)
def test_shell_may_call_what_windows_has(command: str) -> None:
    step = f'provisioner "shell" {{\n  execute_command = "{command}"\n}}'
    assert not found(GUEST, "qemu", 'communicator = "winrm"', step)


def test_shell_with_a_command_of_unix_is_still_wrong_on_windows() -> None:
    step = 'provisioner "shell" {\n  execute_command = "sudo -E bash {{ .Path }}"\n}'
    assert len(found(GUEST, "qemu", 'communicator = "winrm"', step)) == 1


@pytest.mark.parametrize(
    "arguments",
    ["use_pwsh = true", 'execute_command = "pwsh {{ .Path }}"', "execute_command = uuidv4()"],
)
def test_powershell_runs_on_linux_with_pwsh(arguments: str) -> None:
    step = f'provisioner "powershell" {{\n  {arguments}\n}}'
    assert not found(GUEST, "qemu", 'iso_url = "debian-12.iso"', step)
    assert not found(COMMUNICATOR, "docker", 'image = "debian:12"', step)


def test_masterless_tools_know_windows_where_they_are_told() -> None:
    step = 'provisioner "chef-solo" {\n  guest_os_type = "windows"\n}'
    assert not found(GUEST, "qemu", 'communicator = "winrm"', step)
    assert len(found(GUEST, "qemu", 'communicator = "winrm"', 'provisioner "chef-solo" {}')) == 1


def test_local_steps_need_no_communicator() -> None:
    for step in ("shell-local", "breakpoint", "sleep", "ansible", "happycloud"):
        assert not found(COMMUNICATOR, "null", 'communicator = "none"', f'provisioner "{step}" {{}}')


def test_null_connects_by_ssh_unless_told_otherwise() -> None:
    assert not found(COMMUNICATOR, "null", 'ssh_host = "example.com"', 'provisioner "shell" {}')


def test_nothing_is_known_of_the_machine_behind_null() -> None:
    for step in ("powershell", "shell", "windows-restart"):
        assert not found(GUEST, "null", 'communicator = "winrm"', f'provisioner "{step}" {{}}')


def test_a_guest_that_nothing_tells_gets_anything() -> None:
    source = 'iso_url = "https://example.com/base.iso"\nvm_name = "ubuntu"'
    for step in ("powershell", "shell", "windows-restart"):
        assert not found(GUEST, "qemu", source, f'provisioner "{step}" {{}}')


def test_windows_containers_have_powershell() -> None:
    source = "windows_container = true\ncommit = true"
    for rule in (GUEST, COMMUNICATOR):
        assert not found(rule, "docker", source, 'provisioner "powershell" {}')
    assert not found(COMMUNICATOR, "docker", "windows_container = var.x", 'provisioner "powershell" {}')


def test_a_linux_container_is_told_once() -> None:
    step = 'provisioner "powershell" {}'
    assert not found(GUEST, "docker", 'image = "debian:12"', step)
    assert len(found(COMMUNICATOR, "docker", 'image = "debian:12"', step)) == 1


def test_evidence_that_disagrees_is_silent() -> None:
    source = 'guest_os_type = "Ubuntu_64"\ncommunicator = "winrm"'
    for step in ("powershell", "shell"):
        assert not found(GUEST, "virtualbox-iso", source, f'provisioner "{step}" {{}}')


def test_only_and_except_are_respected_and_unknown_ones_too() -> None:
    source = 'iso_url = "debian-12.iso"'
    for choice in ('only = ["qemu.y"]', 'except = ["qemu.x"]', "only = [var.which]"):
        step = f'provisioner "powershell" {{\n  {choice}\n}}'
        assert not found(GUEST, "qemu", source, step, 'variable "which" {}')


def test_override_may_make_a_step_fit() -> None:
    step = (
        'provisioner "powershell" {\n  override = {\n    x = { execute_command = "pwsh {{ .Path }}" }\n  }\n}'
    )
    assert not found(GUEST, "qemu", 'iso_url = "debian-12.iso"', step)


def test_tools_and_drivers_are_not_what_is_installed() -> None:
    source = """
      guest_os_type = "ubuntu64Guest"
      iso_paths     = ["[iso] ubuntu-24.04.iso", "[] /vmware/isoimages/windows.iso", "[iso] virtio-win.iso"]
    """
    assert not found(GUEST_TYPE, "vsphere-iso", source, "")


@pytest.mark.parametrize(
    ("guest", "media"),
    [
        ("Debian_64", "kali-linux-2024.2-installer-amd64.iso"),
        ("RedHat_64", "AlmaLinux-9.4-x86_64-minimal.iso"),
        ("Oracle_64", "OracleLinux-R9-U4-x86_64-dvd.iso"),
        ("RedHat_64", "securityonion-2.4.70-20240529.iso"),
        ("Linux26_64", "ubuntu-24.04-live-server-amd64.iso"),
        ("Other_64", "ubuntu-24.04-live-server-amd64.iso"),
        ("Ubuntu_64", "alpine-virt-3.20.0-x86_64.iso"),
        ("Ubuntu24_LTS_64", "ubuntu-24.04-live-server-amd64.iso"),
        ("FreeBSD_64", "OPNsense-24.7-dvd-amd64.iso"),
        ("Debian", "debian-12.6.0-i386-netinst.iso"),
        ("Windows10_64", "virtio-win-0.1.240.iso"),
        ("Ubuntu_64", "our-own-base.iso"),
        ("NoSuchName_64", "ubuntu-24.04-live-server-amd64.iso"),
    ],
)
def test_guest_types_that_fit_the_media(guest: str, media: str) -> None:
    assert not found(GUEST_TYPE, "virtualbox-iso", f'guest_os_type = "{guest}"\niso_url = "{media}"', "")


def test_the_distribution_matters_to_virtualbox_only() -> None:
    source = 'guest_os_type = "{}"\niso_url = "Rocky-9.4-x86_64-minimal.iso"'
    assert not found(GUEST_TYPE, "vmware-iso", source.format("ubuntu-64"), "")
    assert len(found(GUEST_TYPE, "virtualbox-iso", source.format("Ubuntu_64"), "")) == 1


def test_proxmox_has_no_name_for_a_bsd() -> None:
    assert not found(GUEST_TYPE, "proxmox-iso", 'os = "l26"\niso_file = "local:iso/OPNsense-24.7.iso"', "")


def test_sixty_four_bits_may_be_switched_on_by_hand() -> None:
    source = 'guest_os_type = "Debian"\niso_url = "debian-12-amd64.iso"\nvboxmanage = [["modifyvm", "x", {}]]'
    assert not found(GUEST_TYPE, "virtualbox-iso", source.format('"--longmode", "on"'), "")
    assert not found(GUEST_TYPE, "virtualbox-iso", source.format("var.x"), "")
    assert len(found(GUEST_TYPE, "virtualbox-iso", source.format('"--memory", "512"'), "")) == 1


def test_sources_that_no_build_uses_are_judged_too() -> None:
    text = 'source "virtualbox-iso" "x" {\n  guest_os_type = "Ubuntu_64"\n  iso_url = "Win10_22H2.iso"\n}\n'
    assert len(findings(GUEST_TYPE, {"x.pkr.hcl": text})) == 1


def test_a_build_may_complete_its_source() -> None:
    text = """
    source "virtualbox-iso" "x" {
      guest_os_type = "Ubuntu_64"
      iso_url       = "ubuntu-24.04.iso"
    }
    build {
      source "virtualbox-iso.x" {
        guest_os_type = "Windows11_64"
        iso_url       = "Win11_23H2.iso"
      }
    }
    """
    assert not findings(GUEST_TYPE, {"x.pkr.hcl": text})


def chain(*steps: str) -> str:
    return "post-processors {\n" + "\n".join(f"post-processor {step}" for step in steps) + "\n}"


@pytest.mark.parametrize(
    ("type_", "source", "steps"),
    [
        ("happycloud", "", ['"docker-tag" {}']),
        ("qemu", "", ['"happycloud" {}', '"docker-tag" {}']),
        ("vmware-iso", "", ['"vagrant" {}']),
        ("file", "", ['"vagrant" {}']),
        ("qemu", "", ['"docker-tag" {\n only = ["docker.x"]\n}']),
        ("qemu", "", ['"compress" {\n only = [var.which]\n}', '"vagrant" {}']),
        ("qemu", "", ['"compress" {\n except = ["qemu.x"]\n}', '"vagrant" {}']),
        ("docker", "commit = var.which", ['"docker-tag" {}']),
        ("null", "", ['"artifice" {}', '"docker-import" {}', '"docker-tag" {}', '"docker-push" {}']),
        ("qemu", "", ['"artifice" {}', '"vagrant" {\n provider_override = "libvirt"\n}']),
        ("vagrant", "", ['"vagrant-cloud" {}']),
        ("qemu", "", ['"manifest" {}', '"shell-local" {}', '"vagrant" {}', '"checksum" {}']),
        ("virtualbox-iso", "", ['"amazon-import" {}']),
    ],
)
def test_chains_that_hold_or_that_nothing_is_known_of(type_: str, source: str, steps: list[str]) -> None:
    assert not found(ARTIFACT, type_, source, chain(*steps), 'variable "which" {}')


def test_a_chain_ends_where_it_breaks() -> None:
    steps = chain('"docker-tag" {}', '"docker-push" {}')
    (one,) = found(ARTIFACT, "qemu", "", steps)
    assert one.message == "`docker-tag` cannot take the artifact of `qemu.x`"


def test_lone_post_processors_each_get_the_builders_artifact() -> None:
    assert not found(ARTIFACT, "qemu", "", 'post-processor "compress" {}\npost-processor "vagrant" {}')
