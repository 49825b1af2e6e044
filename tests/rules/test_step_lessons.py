"""Lessons about steps and chains: what must stay silent, what is milder, what a fix may not do."""

import pytest

from packlint.diagnostic import Diagnostic
from packlint.testing import findings

TIMEOUT = "timeout-ignored-with-pause-before"
COMMAND = "execute-command-missing-path"
UPLOAD = "file-destination-privileged"
ANSIBLE = "ansible-winrm-unconfigured"
BREAKPOINT = "breakpoint-left-in"
ORDER = "post-processor-order"
CHAIN = "post-processors-not-chained"
MISMATCH = "post-processor-artifact-mismatch"
OUTPUT = "post-processor-output-collision"
REGISTRY = "hcp-registry-in-build"
NULL = 'source "null" "x" {\n  ssh_host = "web.example.com"\n}\n'


def template(source: str, steps: str, rest: str = "") -> str:
    type_ = source.split('"')[1]
    return f'{source}build {{\n  sources = ["source.{type_}.x"]\n{steps}\n}}\n{rest}'


def found(rule: str, source: str, steps: str, rest: str = "", **files: str) -> tuple[Diagnostic, ...]:
    named = {name.replace("_", "."): text for name, text in files.items()}
    return findings(rule, {"x.pkr.hcl": template(source, steps, rest), **named})


def machine(**arguments: str) -> str:
    lines = "".join(f'  {name} = "{value}"\n' for name, value in arguments.items())
    return f'source "qemu" "x" {{\n{lines}}}\n'


def severities(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [diagnostic.severity.value for diagnostic in diagnostics]


@pytest.mark.parametrize("pause", ["var.pause", '""', '"0s"', '"0"', '"soon"', "timestamp()"])
def test_lesson_2_an_empty_pause_is_none(pause: str) -> None:
    variable = 'variable "pause" {\n  default = ""\n}\n'
    step = 'provisioner "shell" {{\n  pause_before = {}\n  timeout = "1m"\n  inline = ["true"]\n}}'
    assert not found(TIMEOUT, NULL, step.format(pause), variable)
    assert found(TIMEOUT, NULL, step.format('"1s"'), variable)


def test_the_pause_of_a_cleanup_provisioner_gets_no_fix() -> None:
    step = (
        'error-cleanup-provisioner "shell" {\n  pause_before = "1s"\n  timeout = "1m"\n  inline = ["true"]\n}'
    )
    (one,) = found(TIMEOUT, NULL, step)
    assert one.fix is None


@pytest.mark.parametrize(
    "step",
    [
        'provisioner "windows-shell" {\n  execute_command = "{{.Vars}} cmd /c C:/Windows/Temp/script.bat"\n}',
        'provisioner "shell" {\n  remote_file = "go"\n  execute_command = "sudo bash /tmp/go"\n}',
        'provisioner "shell" {\n  execute_command = "sudo ${uuidv4()} bash"\n}',
        'provisioner "shell" {\n  execute_command = ""\n}',
        'provisioner "shell" {\n  execute_command = "sudo {{- .Path}}"\n}',
        'provisioner "shell" {\n  execute_command = "a"\n'
        '  override = { x = { execute_command = "{{.Path}}" } }\n}',
        'provisioner "shell-local" {\n  execute_command = ["sh", "-c", timestamp()]\n}',
        'provisioner "shell-local" {\n  execute_command = ["sh", "-c", "{{ .Command }}"]\n}',
    ],
)
def test_a_command_that_may_name_its_script_is_left(step: str) -> None:
    assert not found(COMMAND, NULL, step)


def test_the_command_of_elevated_steps_is_one_too() -> None:
    step = 'provisioner "powershell" {\n  elevated_execute_command = "powershell -File x.ps1"\n}'
    (one,) = found(COMMAND, NULL, step)
    assert one.message == "`elevated_execute_command` has no `{{ .Path }}`: it never runs the script"


def upload(to: str) -> str:
    return f'provisioner "file" {{\n  source = "a"\n  destination = "{to}"\n}}'


@pytest.mark.parametrize(
    ("arguments", "to"),
    [
        ({"ssh_username": "root"}, "/etc/a"),
        ({"ssh_username": "deploy"}, "/opt/deploy/a"),
        ({"ssh_username": "deploy"}, "/usr/home/deploy2/a"),
        ({"ssh_username": "deploy"}, "/etcetera/a"),
        ({"ssh_username": "deploy"}, "/var/tmp/a"),
        ({"ssh_username": "deploy"}, "~/etc/a"),
        ({"ssh_username": "deploy"}, "C:/Windows/a"),
        ({"communicator": "winrm", "winrm_username": "deploy"}, "/etc/a"),
        ({"ssh_username": "deploy", "iso_url": "Win10_22H2.iso"}, "/etc/a"),
        ({}, "/etc/a"),
    ],
)
def test_lesson_10_who_may_write_there_is_left(arguments: dict[str, str], to: str) -> None:
    assert not found(UPLOAD, machine(**arguments), upload(to))


@pytest.mark.parametrize(
    ("before", "to", "severity"),
    [
        ("", "/opt/app/a", "warning"),
        ('provisioner "shell" {\n  inline = ["sudo chown deploy /opt/app"]\n}', "/opt/app/a", "note"),
        ('provisioner "shell" {\n  inline = ["sudo chown deploy /opt/other"]\n}', "/opt/app/a", "warning"),
        ('provisioner "shell" {\n  inline = ["sudo mkdir -p /opt/app"]\n}', "/opt/app/a", "warning"),
        ('provisioner "ansible" {\n  playbook_file = "x.yml"\n}', "/opt/app/a", "note"),
        ('provisioner "ansible" {\n  playbook_file = "x.yml"\n}', "/etc/app/a", "warning"),
        ('provisioner "shell" {\n  script = "gone.sh"\n}', "/srv/a", "note"),
        ('provisioner "shell" {\n  script = "own.sh"\n}', "/srv/a", "warning"),
    ],
)
def test_a_directory_that_was_given_away_is_a_note(before: str, to: str, severity: str) -> None:
    one = found(UPLOAD, machine(ssh_username="deploy"), f"{before}\n{upload(to)}", own_sh="true\n")
    assert severities(one) == [severity]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["warning"]),
        ('inventory_file = "hosts"', ["note"]),
        ('extra_arguments = ["-e", "@windows.yml"]', ["note"]),
        ('ansible_env_vars = ["ANSIBLE_CONFIG=x.cfg"]', ["note"]),
        ("extra_arguments = [timestamp()]", []),
        ('extra_arguments = ["-e", "ansible_connection=winrm"]', []),
        ('extra_arguments = ["-c", "packer"]', []),
        ('inventory_file_template = "{{ .HostAlias }} ansible_connection=winrm\\n"', []),
        ("use_proxy = false", []),
        ("use_proxy = true", ["warning"]),
        ("override = { x = { use_proxy = false } }", []),
    ],
)
def test_ansible_may_be_told_of_windows_in_many_ways(more: str, expected: list[str]) -> None:
    step = f'provisioner "ansible" {{\n  playbook_file = "gone.yml"\n  {more}\n}}'
    assert severities(found(ANSIBLE, machine(communicator="winrm"), step)) == expected
    assert not found(ANSIBLE, machine(communicator="ssh"), step)


def test_a_playbook_that_tells_the_connection_is_enough() -> None:
    step = 'provisioner "ansible" {\n  playbook_file = "play.yml"\n}'
    winrm = machine(communicator="winrm")
    assert severities(found(ANSIBLE, winrm, step, play_yml="- hosts: all\n")) == ["error"]
    assert not found(ANSIBLE, winrm, step, play_yml="- hosts: all\n  connection: winrm\n")


def test_a_breakpoint_that_somebody_may_switch_is_left() -> None:
    for more in ("disable = var.off", "override = { x = { disable = true } }"):
        step = f'provisioner "breakpoint" {{\n  {more}\n}}'
        assert not found(BREAKPOINT, NULL, step, 'variable "off" {\n  default = false\n}\n')


DOCKER = 'source "docker" "x" {\n  image = "debian:12"\n  commit = true\n}\n'


def chain(*steps: str) -> str:
    return "post-processors {\n" + "\n".join(f'post-processor "{step}" {{}}' for step in steps) + "\n}\n"


@pytest.mark.parametrize(
    ("source", "steps", "rule"),
    [
        (machine(), chain("compress", "vagrant"), ORDER),
        (machine(), chain("checksum", "vagrant"), ORDER),
        (machine(), chain("vagrant-cloud", "vagrant"), ORDER),
        (DOCKER, chain("docker-push", "docker-tag"), ORDER),
        (machine(), chain("compress", "docker-tag"), MISMATCH),
        (machine(), chain("vagrant-cloud"), MISMATCH),
        (machine(), chain("compress") + chain("vagrant-cloud"), MISMATCH),
        (machine(), chain("vagrant") + chain("vagrant-cloud"), CHAIN),
        (machine(), chain("vagrant", "checksum") + chain("vagrant-registry"), CHAIN),
        (DOCKER, chain("docker-tag") + chain("docker-push"), CHAIN),
        (DOCKER, chain("docker-push"), None),
        (DOCKER, chain("docker-tag") + chain("docker-tag", "docker-push"), None),
        (machine(), chain("vagrant") + chain("checksum") + chain("manifest"), None),
        (machine(), chain("compress") + chain("checksum"), None),
        (machine(), chain("unheard-of", "vagrant-cloud", "vagrant"), None),
    ],
)
def test_one_mistake_in_a_chain_is_told_by_one_rule(source: str, steps: str, rule: str | None) -> None:
    told = {name for name in (ORDER, CHAIN, MISMATCH) if found(name, source, steps)}
    assert told == ({rule} if rule else set())


def test_an_order_that_is_wrong_for_another_source_is_no_cure() -> None:
    sources = machine() + 'source "docker" "x" {\n  image = "debian:12"\n  commit = true\n}\n'
    text = sources + (
        'build {\n  sources = ["source.qemu.x", "source.docker.x"]\n  post-processors {\n'
        '    post-processor "compress" {\n      only = ["qemu.x"]\n    }\n'
        '    post-processor "docker-tag" {}\n  }\n}\n'
    )
    assert not findings(ORDER, {"x.pkr.hcl": text})
    assert findings(MISMATCH, {"x.pkr.hcl": text})


def test_steps_are_exchanged_only_where_nothing_is_said_of_them() -> None:
    steps = 'post-processors {\n# first\npost-processor "compress" {}\npost-processor "vagrant" {}\n}'
    (one,) = found(ORDER, machine(), steps)
    assert one.fix is None


def test_a_heredoc_keeps_its_blanks_when_it_is_wrapped() -> None:
    steps = (
        '  post-processor "vagrant" {\n    vagrantfile_template = <<EOT\nx\n  y\nEOT\n  }\n'
        '  post-processor "vagrant-cloud" {}'
    )
    (one,) = found(CHAIN, machine(), steps)
    assert one.fix is not None
    (edit,) = one.fix.edits
    assert edit.replacement == (
        '  post-processors {\n    post-processor "vagrant" {\n      vagrantfile_template = <<EOT\nx\n  y\n'
        'EOT\n    }\n    post-processor "vagrant-cloud" {}\n  }'
    )


@pytest.mark.parametrize(
    "steps",
    [
        '  post-processor "vagrant" {}\n  post-processor "checksum" {}\n  post-processor "vagrant-cloud" {}',
        '  post-processor "vagrant" {} /* a */\n  post-processor "vagrant-cloud" {}',
        '  post-processors {\n    post-processor "vagrant" {}\n  }\n  post-processor "vagrant-cloud" {}',
    ],
)
def test_only_neighbours_are_wrapped(steps: str) -> None:
    (one,) = found(CHAIN, machine(), steps)
    assert one.fix is None


TWO = 'source "qemu" "x" {}\nsource "qemu" "y" {}\n'


def written(step: str, sources: str = TWO, uses: str = '"source.qemu.x", "source.qemu.y"') -> str:
    return f"{sources}build {{\n  sources = [{uses}]\n{step}\n}}\n"


@pytest.mark.parametrize(
    ("step", "count"),
    [
        ('post-processor "compress" {\n  output = "a.zip"\n}', 1),
        ('post-processor "compress" {\n  output = "{{.BuilderType}}.zip"\n}', 1),
        ('post-processor "compress" {\n  output = "{{ .BuildName }}.zip"\n}', 0),
        ('post-processor "compress" {\n  output = "${source.name}.zip"\n}', 0),
        ('post-processor "compress" {\n  output = "{{timestamp}}.zip"\n}', 0),
        ('post-processor "compress" {\n  output = "${timestamp()}.zip"\n}', 0),
        ('post-processor "compress" {}', 0),
        ('post-processor "vagrant" {}', 0),
        ('post-processor "vagrant" {\n  output = "a.box"\n}', 1),
        ('post-processor "vagrant" {\n  output = "{{.Architecture}}.box"\n}', 0),
        ('post-processor "vagrant" {\n  output = "a.box"\n  only = ["qemu.x"]\n}', 0),
        ('post-processor "manifest" {\n  output = "a.json"\n}', 0),
        ('post-processor "checksum" {\n  output = "a.sum"\n}', 0),
        (
            'post-processor "compress" {\n  output = "a.zip"\n  only = ["qemu.x"]\n}\n'
            'post-processor "compress" {\n  output = "a.zip"\n  only = ["qemu.y"]\n}',
            1,
        ),
    ],
)
def test_a_name_is_judged_for_each_source(step: str, count: int) -> None:
    assert len(findings(OUTPUT, {"x.pkr.hcl": written(step)})) == count


def test_several_tags_in_one_list_are_one_finding() -> None:
    docker = DOCKER + DOCKER.replace('"x"', '"y"')
    step = 'post-processor "docker-tag" {\n  repository = "a/b"\n  tags = ["1", "latest"]\n}'
    text = written(step, docker, '"source.docker.x", "source.docker.y"')
    (one,) = findings(OUTPUT, {"x.pkr.hcl": text})
    assert one.message.startswith('the tag "a/b:1" is the same for `docker.x` and `docker.y`')


def test_the_registry_of_older_versions_is_left() -> None:
    step = 'hcp_packer_registry {\n  bucket_name = "web"\n}'
    for wanted, expected in (("< 1.12", []), (">= 1.9", ["note"]), (">= 1.13", ["warning"])):
        packer = f'packer {{\n  required_version = "{wanted}"\n}}\n'
        assert severities(found(REGISTRY, NULL, step, packer)) == expected


def test_a_registry_with_a_heredoc_keeps_its_text_when_it_moves() -> None:
    step = '  hcp_packer_registry {\n    bucket_name = "web"\n    description = <<EOT\n  a\n  EOT\n  }'
    (one,) = found(REGISTRY, NULL, step)
    assert one.fix is not None
    assert one.fix.edits[0].replacement == (
        'hcp_packer_registry {\n  bucket_name = "web"\n  description = <<EOT\n  a\n  EOT\n}\n\n'
    )


def test_an_override_of_something_else_changes_no_command() -> None:
    step = 'provisioner "shell" {\n  execute_command = "a"\n  override = { x = { inline = ["true"] } }\n}'
    assert found(COMMAND, NULL, step)


def test_a_registry_takes_its_comment_along() -> None:
    step = '  # settings\n  // of HCP\n  hcp_packer_registry {\n    bucket_name = "web"\n  }'
    (one,) = found(REGISTRY, NULL, step)
    assert one.fix is not None
    moved, gone = one.fix.edits
    assert moved.replacement == '# settings\n// of HCP\nhcp_packer_registry {\n  bucket_name = "web"\n}\n\n'
    assert gone.range.text == f"{step}\n"
