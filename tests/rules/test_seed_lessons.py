"""Traps of the seed rules: templates that once looked like findings and are none, and their twins."""

from __future__ import annotations

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


def build(source: str, steps: str = "") -> str:
    """A build of one source."""
    return f'build {{\n  sources = ["{source}"]\n{steps}}}\n'


BARE = 'source "virtualbox-iso" "vm" {\n  iso_url = "https://example.com/x.iso"\n%s}\n' + build(
    "virtualbox-iso.vm"
)


def test_a_bare_build_is_a_warning() -> None:
    assert found("missing-provisioners", BARE % "") == [
        ("warning", "no provisioner works on the image of `virtualbox-iso.vm`: the build has none")
    ]


@pytest.mark.parametrize(
    "argument",
    [
        'http_directory = "http"',
        'floppy_files = ["ks.cfg"]',
        'cd_content = { user-data = "" }',
        "user_data = data.a.b.c",
    ],
)
def test_an_installer_with_instructions_makes_it_a_note(argument: str) -> None:
    ((severity, _),) = found("missing-provisioners", BARE % f"  {argument}\n")
    assert severity == "note"


@pytest.mark.parametrize("block", ["additional_iso_files {}", "customize {}"])
def test_instructions_may_stand_in_a_block(block: str) -> None:
    ((severity, _),) = found("missing-provisioners", BARE % f"  {block}\n")
    assert severity == "note"


@pytest.mark.parametrize("argument", ['http_directory = ""', "floppy_files = []", "http_port_min = 8000"])
def test_an_empty_channel_is_none(argument: str) -> None:
    ((severity, _),) = found("missing-provisioners", BARE % f"  {argument}\n")
    assert severity == "warning"


@pytest.mark.parametrize("communicator", ['"none"', "var.communicator", "data.a.b.c"])
def test_a_guest_that_provisions_itself_or_may_do_so_is_left_alone(communicator: str) -> None:
    variable = 'variable "communicator" {}\n'
    assert found("missing-provisioners", variable + BARE % f"  communicator = {communicator}\n") == []


@pytest.mark.parametrize("type_", ["null", "file", "a-builder-that-nobody-knows"])
def test_builders_without_an_image_are_left_alone(type_: str) -> None:
    assert found("missing-provisioners", f'source "{type_}" "x" {{}}\n' + build(f"{type_}.x")) == []


def test_the_base_of_a_chain_is_left_alone() -> None:
    child = 'source "virtualbox-ovf" "child" {\n  source_path = "output-vm/packer-vm.ovf"\n}\n' + build(
        "virtualbox-ovf.child", '  provisioner "shell" {\n    inline = ["true"]\n  }\n'
    )
    assert found("missing-provisioners", {"base/a.pkr.hcl": BARE % "", "child/a.pkr.hcl": child}) == []


def test_the_base_of_a_chain_may_have_the_time_in_its_name() -> None:
    image = 'source "amazon-ebs" "%s" {\n  ami_name = "%s-${timestamp()}"\n%s}\n'
    base = image % ("base", "base", "") + build("amazon-ebs.base")
    step = '  provisioner "shell" {\n    inline = ["true"]\n  }\n'
    filtered = '  source_ami_filter {\n    filters = { name = "%s-*" }\n  }\n'
    for pattern, count in (("base", 0), ("other", 1)):
        child = image % ("web", "web", filtered % pattern) + build("amazon-ebs.web", step)
        assert len(found("missing-provisioners", pair(base, child))) == count


@pytest.mark.parametrize(
    ("only", "hint"), [("qemu", "are compared exactly"), ("qemu.b", "take it out of the build")]
)
def test_the_hint_tells_a_wrong_filter_from_a_right_one(only: str, hint: str) -> None:
    text = f"""
    source "qemu" "a" {{}}
    source "qemu" "b" {{}}
    build {{
      sources = ["qemu.a", "qemu.b"]
      provisioner "shell" {{
        only   = ["{only}"]
        inline = ["true"]
      }}
    }}
    """
    (finding,) = findings("missing-provisioners", {"t.pkr.hcl": cleandoc(text) + "\n"})
    assert hint in (finding.hint or "")


@pytest.mark.parametrize("step", ["breakpoint", "sleep", "hcp-sbom", "shell-local"])
def test_steps_that_leave_the_image_alone_do_not_count(step: str) -> None:
    text = 'source "qemu" "vm" {}\n' + build("qemu.vm", f'  provisioner "{step}" {{}}\n')
    ((severity, message),) = found("missing-provisioners", text)
    assert severity == "warning"
    assert "those of the build leave it as it is" in message


def test_a_filter_that_is_not_known_may_let_the_step_run() -> None:
    step = '  provisioner "shell" {\n    only   = var.only\n    inline = ["true"]\n  }\n'
    text = 'variable "only" {\n  default = []\n}\nsource "qemu" "vm" {}\n' + build("qemu.vm", step)
    assert found("missing-provisioners", text) == []


def test_a_filter_compares_with_the_local_name() -> None:
    template = """
    source "qemu" "vm" {{}}
    build {{
      source "qemu.vm" {{
        name = "big"
      }}
      provisioner "shell" {{
        only   = ["qemu.{0}"]
        inline = ["true"]
      }}
    }}
    """
    assert found("missing-provisioners", template.format("big")) == []
    ((_, message),) = found("missing-provisioners", template.format("vm"))
    assert message == "`only` and `except` leave no provisioner for `qemu.big`"


def test_dynamic_provisioners_may_be_any() -> None:
    block = '  dynamic "provisioner" {\n    labels   = ["shell"]\n    for_each = %s\n    content {}\n  }\n'
    source = 'variable "steps" {}\nsource "qemu" "vm" {}\n'
    assert found("missing-provisioners", source + build("qemu.vm", block % "var.steps")) == []
    assert found("missing-provisioners", source + build("qemu.vm", block % "[1]")) == []
    assert len(found("missing-provisioners", source + build("qemu.vm", block % "[]"))) == 1


def test_a_clone_that_is_only_packed_is_a_note() -> None:
    text = 'source "virtualbox-ovf" "vm" {\n  source_path = "x.ovf"\n}\n' + build(
        "virtualbox-ovf.vm", '  post-processor "vagrant" {}\n'
    )
    ((severity, _),) = found("missing-provisioners", text)
    assert severity == "note"


def test_an_encrypted_copy_is_a_note() -> None:
    text = 'source "amazon-ebs" "copy" {\n  encrypt_boot = "true"\n}\n' + build("amazon-ebs.copy")
    ((severity, _),) = found("missing-provisioners", text)
    assert severity == "note"


def test_a_template_that_could_not_be_read_whole_is_left_alone() -> None:
    text = BARE % ""
    for other in ("b.pkr.hcl", "b.pkr.json"):
        told = findings("missing-provisioners", {"a.pkr.hcl": text, other: "build {\n"})
        assert {d.rule for d in told} == {"syntax-error"}


def sources(count: int, types: tuple[str, ...] = ("qemu",), name: str = "") -> str:
    keys = [(types[at % len(types)], f"vm{at}{name}") for at in range(count)]
    declared = "".join(f'source "{type_}" "{label}" {{}}\n' for type_, label in keys)
    listed = ", ".join(f'"{type_}.{label}"' for type_, label in keys)
    return f"{declared}build {{\n  sources = [{listed}]\n}}\n"


def test_four_sources_are_borne_and_five_are_not() -> None:
    assert found("too-many-parallel-sources", sources(4)) == []
    assert found("too-many-parallel-sources", sources(5)) == [
        ("warning", "this build starts 5 sources at once, over the limit of 4")
    ]


def test_builds_of_one_template_start_together() -> None:
    text = sources(3) + sources(2, name="x")
    assert found("too-many-parallel-sources", text) == [
        ("warning", "the 2 builds of this template together start 5 sources at once, over the limit of 4")
    ]
    apart = {"a/a.pkr.hcl": sources(3), "b/b.pkr.hcl": sources(2, name="x")}
    assert found("too-many-parallel-sources", apart) == []


@pytest.mark.parametrize("types", [("amazon-ebs",), ("null",), ("file",), ("googlecompute", "azure-arm")])
def test_what_runs_elsewhere_does_not_count(types: tuple[str, ...]) -> None:
    assert found("too-many-parallel-sources", sources(8, types)) == []


def test_a_cross_platform_template_is_a_note() -> None:
    types = ("virtualbox-iso", "vmware-iso", "parallels-iso", "hyperv-iso", "qemu")
    text = sources(5, types).replace(
        'source "qemu" "vm4" {}', 'source "qemu" "vm4" {\n  accelerator = "kvm"\n}'
    )
    ((severity, _),) = found("too-many-parallel-sources", text)
    assert severity == "note"


def test_a_list_that_is_a_default_is_a_note_and_says_so() -> None:
    listed = ", ".join(f'"qemu.vm{at}"' for at in range(5))
    text = sources(5).partition("build")[0] + (
        f'variable "enabled" {{\n  default = [{listed}]\n}}\nbuild {{\n  sources = var.enabled\n}}\n'
    )
    ((severity, message),) = found("too-many-parallel-sources", text)
    assert severity == "note"
    assert message.endswith("with the default of `var.enabled`")


def machine(
    name: str, *steps: str, iso: str = '"https://example.com/debian.iso"', type_: str = "qemu"
) -> str:
    inner = "".join(f'  provisioner "shell" {{\n    inline = ["{step}"]\n  }}\n' for step in steps)
    return f'source "{type_}" "{name}" {{\n  iso_url = {iso}\n}}\n' + build(f"{type_}.{name}", inner)


SHARED = ("agent", "harden", "monitor")


def pair(first: str, second: str) -> dict[str, str]:
    return {"a/a.pkr.hcl": first, "b/b.pkr.hcl": second}


def test_the_same_beginning_on_the_same_base_is_found_once() -> None:
    files = pair(machine("a", *SHARED, "nginx"), machine("b", *SHARED, "java"))
    assert found("unchained-duplicate-steps", files) == [
        ("warning", "the first 3 steps for `qemu.b` are those of another build on the same base image")
    ]


def test_three_builds_make_one_group_and_two_of_them_a_longer_one() -> None:
    files = {
        "a/a.pkr.hcl": machine("a", *SHARED, "nginx"),
        "b/b.pkr.hcl": machine("b", *SHARED, "java", "tomcat"),
        "c/c.pkr.hcl": machine("c", *SHARED, "java", "kafka"),
    }
    assert sorted(message for _, message in found("unchained-duplicate-steps", files)) == [
        "the first 3 steps for `qemu.c` are those of 2 other builds on the same base image",
        "the first 4 steps for `qemu.c` are those of another build on the same base image",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (machine("a", "agent", "harden", "nginx"), machine("b", "agent", "harden", "java")),
        (machine("a", *SHARED, "x"), machine("b", *SHARED, "y", iso='"https://example.com/ubuntu.iso"')),
        (machine("a", *SHARED, "x"), machine("b", *SHARED, "y", type_="virtualbox-iso")),
        (machine("a", *SHARED, "x", iso="var.iso"), machine("b", *SHARED, "y", iso="var.iso")),
        (machine("a", "x", *SHARED), machine("b", "y", *SHARED)),
        (machine("a", *SHARED, type_="null"), machine("b", *SHARED, "y", type_="null")),
        (machine("a", *SHARED), machine("b", *SHARED)),
        (
            machine("a", "sudo apt-get update", "sudo apt-get upgrade -y", "agent", "x"),
            machine("b", "sudo apt-get update", "sudo apt-get upgrade -y", "agent", "y"),
        ),
        (machine("a", *SHARED, *"stuvwxyz"), machine("b", *SHARED, *"STUVWXYZ")),
    ],
    ids=[
        "too few steps",
        "another base image",
        "another platform",
        "a base that is not known",
        "the same end",
        "no image",
        "wholly identical builds, which are another matter",
        "refreshing package lists",
        "less than half of the work",
    ],
)
def test_what_one_base_would_not_save_is_left_alone(first: str, second: str) -> None:
    variable = 'variable "iso" {\n  default = ""\n}\n'
    assert found("unchained-duplicate-steps", pair(variable + first, variable + second)) == []


def test_builds_that_are_chained_already_are_left_alone() -> None:
    base = machine("base", *SHARED, "x").replace("iso_url", 'output_directory = "out"\n  iso_url')
    child = machine("child", *SHARED, "y", iso='"../a/out/packer-base"')
    assert found("unchained-duplicate-steps", pair(base, child)) == []


def test_several_sources_of_one_build_share_their_steps_already() -> None:
    steps = "".join(f'  provisioner "shell" {{\n    inline = ["{step}"]\n  }}\n' for step in SHARED)
    text = "".join(f'source "qemu" "{name}" {{\n  iso_url = "x.iso"\n}}\n' for name in "ab")
    text += f'build {{\n  sources = ["qemu.a", "qemu.b"]\n{steps}}}\n'
    assert found("unchained-duplicate-steps", text) == []


def test_scripts_are_known_by_what_they_hold_and_empty_ones_by_their_path() -> None:
    step = '  provisioner "shell" {\n    scripts = ["a.sh", "b.sh", "c.sh"]\n  }\n'
    text = 'source "qemu" "%s" {\n  iso_url = "x.iso"\n}\n' + build(
        "qemu.%s", step + '  provisioner "file" {\n    source = "%s"\n  }\n'
    )
    files = {f"{name}/t.pkr.hcl": text % (name, name, name) for name in "ab"}
    same = {f"{folder}/{name}.sh": f"install {name}\n" for folder in "ab" for name in "abc"}
    assert len(found("unchained-duplicate-steps", files | same)) == 1
    other = same | {"b/b.sh": "install something else\n"}
    assert found("unchained-duplicate-steps", files | other) == []
    empty = dict.fromkeys(same, "")
    assert found("unchained-duplicate-steps", files | empty) == []


def test_a_script_that_is_missing_is_known_by_its_path_below_the_root() -> None:
    step = '  provisioner "shell" {\n    scripts = ["a.sh", "b.sh", "c.sh"]\n  }\n'
    other = '  provisioner "shell" {\n    inline = ["%s"]\n  }\n'
    text = 'source "qemu" "%s" {\n  iso_url = "x.iso"\n}\n' + build("qemu.%s", step + other)
    assert (
        found("unchained-duplicate-steps", {f"{name}/t.pkr.hcl": text % (name, name, name) for name in "ab"})
        == []
    )


def test_uploaded_files_are_known_by_what_they_hold() -> None:
    step = "".join(
        f'  provisioner "file" {{\n    sources     = ["{name}"]\n    destination = "/tmp/{name}"\n  }}\n'
        for name in ("x", "y", "z")
    )
    other = '  provisioner "shell" {\n    inline = ["%s"]\n  }\n'
    text = 'source "qemu" "%s" {\n  iso_url = "x.iso"\n}\n' + build("qemu.%s", step + other)
    files = {f"{name}/t.pkr.hcl": text % (name, name, name) for name in "ab"}
    same = {f"{folder}/{name}": f"of {name}" for folder in "ab" for name in "xyz"}
    assert len(found("unchained-duplicate-steps", files | same)) == 1
    assert found("unchained-duplicate-steps", files | same | {"b/y": "of another"}) == []


def test_the_same_media_installed_in_another_way_is_another_base() -> None:
    first, second = machine("a", *SHARED, "x"), machine("b", *SHARED, "y")
    for argument in ('floppy_files = ["{}/autounattend.xml"]', 'boot_command = ["{}<enter>"]'):
        alike, core, standard = (
            f"  {argument.format(name)}\n  iso_url" for name in ("same", "core", "standard")
        )
        changed = pair(first.replace("  iso_url", core), second.replace("  iso_url", standard))
        assert found("unchained-duplicate-steps", changed) == []
        unchanged = pair(first.replace("  iso_url", alike), second.replace("  iso_url", alike))
        unchanged |= {f"{folder}/same/autounattend.xml": "alike" for folder in "ab"}
        assert len(found("unchained-duplicate-steps", unchanged)) == 1


def test_a_value_that_is_not_known_is_the_same_only_within_a_template() -> None:
    first, second = machine("a", "%s", *SHARED, "x"), machine("b", "%s", *SHARED, "y")
    files = pair(first.replace("%s", "${timestamp()}"), second.replace("%s", "${timestamp()}"))
    assert found("unchained-duplicate-steps", files) == []


@pytest.mark.parametrize(
    ("argument", "file"),
    [
        ('floppy_files = ["answers.xml"]', "answers.xml"),
        ('cd_files = ["answers.xml"]', "answers.xml"),
        ('user_data_file = "answers.xml"', "answers.xml"),
        (
            'http_directory = "http"\n'
            '  boot_command = ["ks=http://{{ .HTTPIP }}:{{ .HTTPPort }}/ks.cfg<enter>"]',
            "http/ks.cfg",
        ),
    ],
)
def test_answer_files_are_known_by_what_they_hold(argument: str, file: str) -> None:
    files = pair(
        *(machine(name, *SHARED, name).replace("  iso_url", f"  {argument}\n  iso_url") for name in "xy")
    )
    same = {f"a/{file}": "core", f"b/{file}": "core"}
    assert len(found("unchained-duplicate-steps", files | same)) == 1
    assert found("unchained-duplicate-steps", files | same | {f"b/{file}": "standard"}) == []
