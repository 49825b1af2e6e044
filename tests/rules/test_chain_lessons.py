"""Traps of the rules about chains and about what runs together: what looks like a finding, and twins."""

from __future__ import annotations

import sys
from inspect import cleandoc

import pytest

from packlint.testing import findings

Found = list[tuple[str, str]]


def found(rule: str, files: str | dict[str, str]) -> Found:
    """Severities and messages."""
    if isinstance(files, str):
        files = {"template.pkr.hcl": files}
    texts = {path: cleandoc(text) + "\n" for path, text in files.items()}
    return [(d.severity.value, d.message) for d in findings(rule, texts)]


def source(type_: str, name: str, *arguments: str) -> str:
    return f'source "{type_}" "{name}" {{\n' + "".join(f"  {a}\n" for a in arguments) + "}\n"


def build(*sources: str, name: str = "") -> str:
    named = f'  name = "{name}"\n' if name else ""
    listed = ", ".join(f'"{it}"' for it in sources)
    return f"build {{\n{named}  sources = [{listed}]\n}}\n"


def legacy(*builders: str) -> dict[str, str]:
    return {"template.json": f'{{"builders": [{", ".join(builders)}]}}'}


def test_cross_platform_templates_run_with_only_are_softened() -> None:
    """Hyper-V and Parallels never run on one host: their directories meet only on a shared disk."""
    text = source("hyperv-iso", "vm") + source("parallels-iso", "vm")
    text += build("hyperv-iso.vm", "parallels-iso.vm")
    ((severity, message),) = found("output-directory-collision", text)
    assert severity == "warning"
    assert message == '`parallels-iso.vm` and `hyperv-iso.vm` write to the same directory, "output-vm"'
    ((severity, _),) = found("hypervisor-host-conflict", text)
    assert severity == "note"
    third = source("virtualbox-iso", "vm") + text.replace("[", '["virtualbox-iso.vm", ')
    assert [severity for severity, _ in found("output-directory-collision", third)] == ["error"]


def test_the_directory_is_named_after_the_source_and_not_after_its_local_name() -> None:
    text = source("virtualbox-iso", "vm") + cleandoc(
        """
        build {
          source "virtualbox-iso.vm" {
            name = "small"
          }
          source "virtualbox-iso.vm" {
            name = "large"
          }
        }
        """
    )
    ((severity, message),) = found("output-directory-collision", text)
    assert severity == "error"
    assert '"output-vm"' in message


def test_a_source_that_a_build_lists_twice_is_another_rules_matter() -> None:
    text = source("virtualbox-iso", "vm") + build("virtualbox-iso.vm", "virtualbox-iso.vm")
    assert found("output-directory-collision", text) == []


def test_disks_of_qemu_with_names_of_their_own_can_lie_side_by_side() -> None:
    two = [
        source("qemu", n, 'output_directory = "out"', f'vm_name = "{v}"') for n, v in (("a", "x"), ("b", "y"))
    ]
    ((severity, _),) = found("output-directory-collision", "".join(two) + build("qemu.a", "qemu.b"))
    assert severity == "warning"
    same = "".join(two).replace('"y"', '"x"')
    ((severity, _),) = found("output-directory-collision", same + build("qemu.a", "qemu.b"))
    assert severity == "error"


@pytest.mark.parametrize(
    "argument",
    [
        'output_directory = "output-{{build_name}}"',
        "output_directory = var.given",
        'output_directory = "out/${source.name}"',
        'output_directory = "out/${uuidv4()}"',
    ],
)
def test_a_directory_that_may_differ_is_left_alone(argument: str) -> None:
    text = 'variable "given" {\n  default = ""\n}\n' + source("qemu", "a", argument)
    text += source("virtualbox-iso", "b", argument) + build("qemu.a", "virtualbox-iso.b")
    assert found("output-directory-collision", text) == []


def test_a_variable_without_a_value_is_the_same_for_both() -> None:
    argument = 'output_directory = "out/${var.given}"'
    text = 'variable "given" {}\n' + source("qemu", "a", argument) + source("virtualbox-iso", "b", argument)
    ((_, message),) = found("output-directory-collision", text + build("qemu.a", "virtualbox-iso.b"))
    assert message == "`virtualbox-iso.b` and `qemu.a` write to the same directory"


def test_legacy_builders_have_directories_by_their_own_names() -> None:
    one, other = '{"type": "qemu"}', '{"type": "virtualbox-iso"}'
    assert found("output-directory-collision", legacy(one, other)) == []
    one, other = (
        f'{{"type": "{type_}", "name": "{name}", "output_directory": "./out/"}}'
        for type_, name in (("qemu", "a"), ("virtualbox-iso", "b"))
    )
    ((_, message),) = found("output-directory-collision", legacy(one, other))
    assert '"out"' in message


def test_what_overwrites_its_base_is_not_told_twice() -> None:
    text = source("virtualbox-iso", "vm", 'vm_name = "base"')
    text += source("virtualbox-ovf", "vm", 'source_path = "output-vm/base.ovf"')
    text += build("virtualbox-iso.vm", "virtualbox-ovf.vm")
    assert found("output-directory-collision", text) == []
    assert len(found("chain-overwrites-base", text)) == 1


def test_directories_of_templates_that_run_in_their_own_are_apart() -> None:
    base = source("virtualbox-iso", "vm", 'vm_name = "base"') + build("virtualbox-iso.vm")
    child = source("virtualbox-ovf", "vm", 'source_path = "../base/output-vm/base.ovf"')
    files = {"base/a.pkr.hcl": base, "web/a.pkr.hcl": child + build("virtualbox-ovf.vm")}
    assert found("chain-overwrites-base", files) == []
    files["web/a.pkr.hcl"] = files["web/a.pkr.hcl"].replace("../base/", "")
    assert len(found("chain-overwrites-base", files)) == 1


def test_a_machine_that_a_build_completes_is_seen_whole() -> None:
    base = source("qemu", "base", 'vm_name = "base.qcow2"') + build("qemu.base")
    child = source("qemu", "web", 'iso_url = "../base/output-base/base.qcow2"')
    use = 'build {\n  source "qemu.web" {\n%s  }\n}\n'
    files = {"base/a.pkr.hcl": base, "web/a.pkr.hcl": child + use % ""}
    assert [severity for severity, _ in found("chain-format-mismatch", files)] == ["error"]
    files["web/a.pkr.hcl"] = child + use % "    disk_image = true\n"
    assert found("chain-format-mismatch", files) == []


@pytest.mark.parametrize(
    ("extra", "count"), [("", 0), ("skip_export = true", 1), ("skip_export = var.skip", 0)]
)
def test_what_is_not_exported_cannot_be_imported(extra: str, count: int) -> None:
    variable = 'variable "skip" {}\n'
    base = variable + source("hyperv-iso", "base", extra) + build("hyperv-iso.base")
    child = source("hyperv-vmcx", "web", 'clone_from_vmcx_path = "../base/output-base"')
    files = {"base/a.pkr.hcl": base, "web/a.pkr.hcl": child + build("hyperv-vmcx.web")}
    assert len(found("chain-format-mismatch", files)) == count


def test_another_release_is_another_image_and_no_slip() -> None:
    base = source("proxmox-iso", "base", 'template_name = "debian11-cloud"') + build("proxmox-iso.base")
    for name, count in (
        ("debian12-cloud", 0),
        ("debian11-web", 0),
        ("debian11-clod", 1),
        ("debian11-cloud", 0),
    ):
        child = source("proxmox-clone", "web", f'clone_vm = "{name}"') + build("proxmox-clone.web")
        files = {"base/a.pkr.hcl": base, "web/a.pkr.hcl": child}
        assert len(found("chain-source-not-produced", files)) == count, name


def test_an_appliance_that_is_there_need_not_be_made() -> None:
    base = source("virtualbox-iso", "base") + build("virtualbox-iso.base")
    child = source("virtualbox-ovf", "web", 'source_path = "output-old/old.ovf"') + build(
        "virtualbox-ovf.web"
    )
    files = {"base/a.pkr.hcl": base, "web/a.pkr.hcl": child}
    assert len(found("chain-source-not-produced", files)) == 1
    files["web/output-old/old.ovf"] = "<Envelope/>"
    assert found("chain-source-not-produced", files) == []


@pytest.mark.parametrize(("default", "severities"), [('"output-bse/base.ovf"', ["note"]), ('""', [])])
def test_a_path_that_a_variable_gives_may_be_another_one(default: str, severities: list[str]) -> None:
    base = source("virtualbox-iso", "base", 'vm_name = "base"') + build("virtualbox-iso.base")
    variable = f'variable "path" {{\n  default = {default}\n}}\n'
    child = variable + source("virtualbox-ovf", "web", "source_path = var.path") + build("virtualbox-ovf.web")
    told = found("chain-source-not-produced", {"base/a.pkr.hcl": base, "web/a.pkr.hcl": child})
    assert [severity for severity, _ in told] == severities


def test_a_workspace_that_makes_no_such_images_gets_them_elsewhere() -> None:
    child = source("virtualbox-ovf", "web", 'source_path = "output-base/base.ovf"') + build(
        "virtualbox-ovf.web"
    )
    assert found("chain-source-not-produced", child) == []


def test_the_newest_image_may_be_that_of_an_earlier_run() -> None:
    text = source("googlecompute", "base", 'image_family = "base"')
    text += source("googlecompute", "web", 'source_image_family = "base"', 'image_family = "web"')
    ((severity, _),) = found("chain-in-single-run", text + build("googlecompute.base", "googlecompute.web"))
    assert severity == "warning"


def test_a_family_that_is_rebuilt_from_itself_is_no_chain() -> None:
    text = source("googlecompute", "web", 'source_image_family = "web"', 'image_family = "web"')
    assert found("chain-in-single-run", text + build("googlecompute.web")) == []


def test_desktop_and_esxi_are_two_targets() -> None:
    text = source("vmware-iso", "desktop", 'vm_name = "vm"')
    text += source(
        "vmware-iso", "esxi", 'vm_name = "vm"', 'remote_type = "esx5"', 'output_directory = "output-desktop"'
    )
    text += build("vmware-iso.desktop", "vmware-iso.esxi")
    assert found("vm-name-collision", text) == []
    assert found("output-directory-collision", text) == []


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ('folder = "a"', 'folder = "a"', 1),
        ('folder = "a"', 'folder = "b"', 0),
        ("", 'folder = "b"', 0),
        ("folder = var.folder", "folder = var.folder", 1),
        ("folder = var.folder", "folder = var.other", 0),
    ],
)
def test_names_collide_on_one_target_only(one: str, other: str, count: int) -> None:
    text = 'variable "folder" {}\nvariable "other" {}\n'
    text += source("vsphere-iso", "a", 'vm_name = "vm"', one) + source(
        "vsphere-iso", "b", 'vm_name = "vm"', other
    )
    assert len(found("vm-name-collision", text + build("vsphere-iso.a", "vsphere-iso.b"))) == count


def test_a_template_and_its_translation_are_no_duplicates() -> None:
    steps = 'provisioner "shell" {\n    inline = ["%s"]\n  }\n'
    hcl = source("docker", "vm", 'image = "debian:12"')
    hcl += 'build {\n  sources = ["docker.vm"]\n' + "".join(steps % it for it in "ab") + "}\n"
    json = (
        '{"builders": [{"type": "docker", "image": "debian:12"}], "provisioners": ['
        '{"type": "shell", "inline": ["a"]}, {"type": "shell", "inline": ["b"]}]}'
    )
    assert found("duplicate-build", {"a.pkr.hcl": hcl, "a.json": json}) == []
    assert len(found("duplicate-build", {"a/a.pkr.hcl": hcl, "b/a.pkr.hcl": hcl})) == 1
    assert len(found("duplicate-build", {"a.json": json, "b.json": json})) == 1


def test_machines_with_other_media_do_not_grow_alike() -> None:
    medium = 'vboxmanage = [["storageattach", "{{.Name}}", "--medium", "%s.iso"]]'
    base = 'iso_url = "https://example.com/x.iso"'
    step = 2 * '  provisioner "shell" {\n    inline = ["install"]\n  }\n'

    def template(name: str) -> str:
        vm = source("virtualbox-iso", "vm", base, medium % name)
        return vm + f'build {{\n  sources = ["virtualbox-iso.vm"]\n{step}}}\n'

    assert found("duplicate-build", {"a/a.pkr.hcl": template("core"), "b/a.pkr.hcl": template("gui")}) == []
    assert (
        len(found("duplicate-build", {"a/a.pkr.hcl": template("gui"), "b/a.pkr.hcl": template("gui")})) == 1
    )


def test_copies_in_a_matrix_of_var_files_have_no_known_base() -> None:
    vm = source("qemu", "vm", "iso_url = var.iso_url") + 'build {\n  sources = ["qemu.vm"]\n'
    text = vm + 2 * '  provisioner "shell" {\n    inline = ["install"]\n  }\n' + "}\n"
    for default, count in (("", 0), ("https://example.com/x.iso", 1)):
        template = f'variable "iso_url" {{\n  default = "{default}"\n}}\n' + text
        files = {"a/a.pkr.hcl": template, "b/a.pkr.hcl": template}
        assert len(found("duplicate-build", files)) == count


@pytest.mark.parametrize(
    ("type_", "arguments", "said"),
    [
        ("qemu", ("memory = 20000",), "20000 MB"),
        ("qemu", ('memory = "20000"',), "20000 MB"),
        ("qemu", ('qemuargs = [["-m", "20G"]]', "memory = 512"), "20480 MB"),
        ("qemu", ('qemuargs = [["-m", "size=20000M,slots=2"]]',), "20000 MB"),
        ("vmware-vmx", ('vmx_data = { memsize = "20000" }',), "20000 MB"),
        ("virtualbox-ovf", ('vboxmanage = [["modifyvm", "{{.Name}}", "--memory", "20000"]]',), "20000 MB"),
        ("tart-cli", ("memory_gb = 20",), "20480 MB"),
        ("hyperv-iso", ("memory = 20000",), "20000 MB"),
        ("vsphere-iso", ("RAM = 65536",), None),
        ("virtualbox-ovf", (), None),
        ("qemu", ("memory = var.memory",), None),
    ],
)
def test_memory_is_read_where_builders_have_it(
    type_: str, arguments: tuple[str, ...], said: str | None
) -> None:
    text = 'variable "memory" {}\n' + source(type_, "vm", *arguments) + build(f"{type_}.vm")
    told = found("parallel-memory-budget", text)
    assert [message.split(" takes ")[1].split(" at once")[0] for _, message in told] == (
        [said] if said else []
    )


def test_machines_that_no_host_runs_together_are_counted_apart() -> None:
    text = source("hyperv-iso", "a", "memory = 10000") + source("parallels-iso", "b", "memory = 10000")
    ((severity, message),) = found("parallel-memory-budget", text + build("hyperv-iso.a", "parallels-iso.b"))
    assert (severity, "take 20000 MB" in message) == ("note", True)


def test_sizes_that_are_mostly_unknown_say_nothing() -> None:
    text = 'variable "memory" {}\n' + source("qemu", "a", "memory = 20000")
    one = text + source("qemu", "b", "memory = var.memory")
    assert found("parallel-memory-budget", one + build("qemu.a", "qemu.b")) == []
    two = one + source("qemu", "c", "memory = 1024") + build("qemu.a", "qemu.b", "qemu.c")
    assert "take at least 21024 MB" in found("parallel-memory-budget", two)[0][1]


@pytest.mark.parametrize("accelerator", ['"tcg"', '"none"', "var.accelerator"])
def test_qemu_without_kvm_runs_beside_virtualbox(accelerator: str) -> None:
    text = 'variable "accelerator" {}\n' + source("qemu", "a", f"accelerator = {accelerator}")
    text += source("virtualbox-iso", "b") + build("qemu.a") + build("virtualbox-iso.b")
    assert found("hypervisor-host-conflict", text) == []


def test_one_image_for_several_hypervisors_is_meant_to_be_built_in_parts() -> None:
    text = source("qemu", "a", 'accelerator = "kvm"') + source("virtualbox-iso", "b")
    ((severity, _),) = found("hypervisor-host-conflict", text + build("qemu.a", "virtualbox-iso.b"))
    assert severity == "note"
    ((severity, _),) = found("hypervisor-host-conflict", text + build("qemu.a") + build("virtualbox-iso.b"))
    assert severity == "warning"


@pytest.mark.parametrize("count", [2000])
def test_many_builds_that_part_one_by_one_need_no_recursion(count: int) -> None:
    """Build n goes n steps with the one after it: a tree as deep as there are builds."""
    assert count > sys.getrecursionlimit()
    vm = source("docker", "vm", 'image = "debian:12"')
    names = [f'"s{n}.sh"' for n in range(12)]
    builds = []
    for number in range(count):
        # Lengths rise and fall, so that each branch of the tree parts again at every depth.
        own = [*names[: number % 12], f'"own{number}.sh"']
        builds.append(
            'build {\n  sources = ["docker.vm"]\n  provisioner "shell" {\n'
            f"    scripts = [{', '.join(own)}]\n  }}\n}}\n"
        )
    told = found("unchained-duplicate-steps", vm + "".join(builds))
    assert len(told) == 9


@pytest.mark.parametrize(
    "rule",
    [
        "output-directory-collision",
        "chain-in-single-run",
        "chain-overwrites-base",
        "chain-source-not-produced",
    ],
)
def test_work_grows_with_the_sources(rule: str) -> None:
    def calls(count: int) -> int:
        counted = 0

        def count_call(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event.endswith("call")

        bases = [source("virtualbox-iso", f"b{n}", f'vm_name = "b{n}"') for n in range(count)]
        webs = [
            source("virtualbox-ovf", f"w{n}", f'source_path = "output-x{n}/b{n}.ovf"') for n in range(count)
        ]
        uses = [f"virtualbox-iso.b{n}" for n in range(count)] + [f"virtualbox-ovf.w{n}" for n in range(count)]
        files = {"t.pkr.hcl": "".join(bases + webs) + build(*uses)}
        sys.setprofile(count_call)
        try:
            findings(rule, files)
        finally:
            sys.setprofile(None)
        return counted

    calls(10)
    assert calls(160) < 10 * calls(20)
