"""The facts about components, against what their plugins' documentation says."""

import pytest

from packlint.traits import builder, guest_ids, hypervisors_naming, nested_blocks, outputs


@pytest.mark.parametrize(
    ("type_", "platform", "local", "communicator"),
    [
        ("virtualbox-iso", "hypervisor", True, "ssh"),
        ("amazon-ebs", "cloud", False, "ssh"),
        ("amazon-chroot", "cloud", False, "chroot"),
        ("vsphere-iso", "hypervisor", False, "ssh"),
        ("docker", "container", True, "docker"),
        ("null", "meta", False, "ssh"),
        ("file", "local", True, None),
    ],
)
def test_what_is_known_of_a_builder(type_: str, platform: str, local: bool, communicator: str | None) -> None:
    known = builder(type_)
    assert known is not None
    assert (known.type, known.platform, known.local, known.communicator) == (
        type_,
        platform,
        local,
        communicator,
    )


def test_the_arguments_of_a_builder_by_purpose() -> None:
    known = builder("proxmox-iso")
    assert known is not None
    assert known.guest_os == ("os",)
    assert "iso_file" in known.base
    assert "iso_checksum" in known.iso


def test_a_communicator_can_be_chosen_but_not_everywhere() -> None:
    chooses, cannot = builder("qemu"), builder("amazon-chroot")
    assert chooses is not None and chooses.communicator_settable
    assert cannot is not None and not cannot.communicator_settable


def test_only_the_file_builder_throws_away_what_provisioners_send() -> None:
    mock, real = builder("file"), builder("null")
    assert mock is not None and not mock.provisions
    assert real is not None and real.provisions


def test_an_older_name_stands_for_the_builder() -> None:
    assert builder("proxmox") == builder("proxmox-iso")


@pytest.mark.parametrize("type_", ["", "happycloud", "builders", "VirtualBox-iso"])
def test_nothing_is_known_of_other_builders(type_: str) -> None:
    assert builder(type_) is None
    assert guest_ids(type_) is None


@pytest.mark.parametrize(
    ("type_", "name", "family"),
    [
        ("virtualbox-iso", "Ubuntu_64", "linux"),
        ("virtualbox-iso", "ubuntu_64", "linux"),
        ("virtualbox-iso", "Windows2022_64", "windows"),
        ("virtualbox-iso", "Debian99_64", "linux"),
        ("virtualbox-iso", "OpenBSD_64", "bsd"),
        ("virtualbox-iso", "Other_64", "other"),
        ("virtualbox-iso", "PlanNine", None),
        ("vmware-iso", "windows2019srv-64", "windows"),
        ("vsphere-iso", "darwin23_64Guest", "macos"),
        ("vsphere-iso", "planNineGuest", None),
        ("proxmox", "l26", "linux"),
        ("azure-arm", "Windows", "windows"),
    ],
)
def test_the_family_of_a_guest(type_: str, name: str, family: str | None) -> None:
    ids = guest_ids(type_)
    assert ids is not None
    assert ids.family(name) == family


def test_no_list_of_guests_for_a_builder_that_is_not_told() -> None:
    assert guest_ids("qemu") is None


def test_whose_name_of_a_guest_it_is() -> None:
    assert hypervisors_naming("ubuntu64Guest") == ("vsphere",)
    assert hypervisors_naming("Ubuntu_64") == ("virtualbox",)
    assert hypervisors_naming("ubuntu_64") == ()


def test_nested_blocks_are_told_from_arguments() -> None:
    ebs = nested_blocks("builder", "amazon-ebs")
    assert ebs is not None
    assert "source_ami_filter" in ebs  # a block, although it looks like a map
    assert "tags" not in ebs  # map(string)
    assert "boot_iso" in (nested_blocks("builder", "proxmox") or {})  # by its older name
    iso = nested_blocks("builder", "vsphere-iso")
    assert iso is not None and "vapp_properties" not in iso.get("storage", {})
    assert nested_blocks("provisioner", "shell") == {}
    assert nested_blocks("builder", "nobody-knows") is None


@pytest.mark.parametrize(
    ("type_", "name", "kind", "complete"),
    [
        ("http", "body", "string", True),
        ("null", "output", "string", True),
        ("hcp-packer-iteration", "incremental_version", "number", True),
        ("amazon-ami", "tags", "map(string)", False),
        ("git-commit", "branches", "list(string)", False),
    ],
)
def test_what_data_sources_give(type_: str, name: str, kind: str, complete: bool) -> None:
    """As the documentation of Packer and of its plugins lists the output data."""
    found = outputs(type_)
    assert found is not None
    assert (found.types[name], found.complete) == (kind, complete)


def test_of_an_unknown_data_source_nothing_is_known() -> None:
    assert outputs("nobody-knows") is None


def test_what_only_a_fork_has_is_known() -> None:
    assert nested_blocks("post-processor", "kubevirt-s3") is not None
    given = outputs("artifactory-import")
    assert given is not None and not given.complete
