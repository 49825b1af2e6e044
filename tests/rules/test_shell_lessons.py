"""What rules about shell commands and local files say, and where they keep silent."""

from __future__ import annotations

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.testing import findings

ASKS = "interactive-package-command"
REBOOT = "reboot-without-expect-disconnect"
PIPED = "remote-script-piped-to-shell"
RACE = "no-cloud-init-wait"
DROPS = "sudo-drops-vars"
SHUTDOWN = "shutdown-command-mismatch"
MISSING = "missing-local-file"
ROOT = "relative-path-without-path-root"


def template(steps: str, source: str = 'source "docker" "web" {\n  image = "x"\n}') -> str:
    name = ".".join(source.split('"')[1:4:2])
    return f'{source}\nbuild {{\n  sources = ["{name}"]\n{steps}\n}}\n'


def of_step(rule: str, body: str, **files: str) -> tuple[Diagnostic, ...]:
    """The findings in a template with one `shell` step."""
    text = template(f'provisioner "shell" {{\n{body}\n}}')
    return findings(rule, {"web.pkr.hcl": text, **files})


def of_command(rule: str, command: str) -> tuple[Diagnostic, ...]:
    """The findings in a step that runs one command."""
    return of_step(rule, f"inline = [<<EOT\n{command}\nEOT\n]")


@pytest.mark.parametrize(
    "command",
    [
        "apt-get upgrade",
        "sudo apt-get -q -o Dpkg::Use-Pty=0 install nginx",
        "DEBIAN_FRONTEND=noninteractive apt-get install nginx",
        "env A=b timeout 60 aptitude full-upgrade",
        'bash -c "apt-get install nginx"',
        'apt-get install "linux-headers-$(uname -r)"',
        "apt-get install nginx < /dev/null",
        "cd /tmp && { yum localinstall x.rpm; }",
        "zypper up",
        "pacman -S nginx",
        "pkg upgrade",
    ],
)
def test_a_manager_that_asks(command: str) -> None:
    (one,) = of_command(ASKS, command)
    assert one.fix is not None
    assert one.fix.safe


@pytest.mark.parametrize(
    "command",
    [
        "apt-get -y upgrade",
        "apt-get upgrade -qqy",
        "apt-get --assume-yes install nginx",
        "apt-get -o APT::Get::Assume-Yes=true install nginx",
        "apt-get $FLAGS install nginx",
        "yes | apt-get install nginx",
        "echo y | sudo apt-get install nginx",
        "apt-get install nginx <<< y",
        "apt-get update",
        "apt-get autoclean",
        "apt-mark hold nginx",
        "man apt-get install",
        "dnf install -y nginx",
        "yum -q -y groupinstall base",
        "yum makecache",
        "zypper --non-interactive install nginx",
        "zypper ref",
        "pacman -Sy",
        "pacman -Syu --noconfirm",
        "pacman -Ss nginx",
        "ASSUME_ALWAYS_YES=yes pkg install nginx",
        "pkg info",
        "sudo 'apt-get install' || true",
        "cat > doc <<X\napt-get install nginx\nX",
        "if (",
    ],
)
def test_a_manager_that_does_not_ask(command: str) -> None:
    assert not of_command(ASKS, command)


def test_no_fix_where_the_command_is_not_written_as_it_is_read() -> None:
    text = 'variable "c" {\n  default = "apt-get install"\n}\n'
    text += template('provisioner "shell" {\n inline = ["${var.c} nginx"]\n}')
    (one,) = findings(ASKS, {"web.pkr.hcl": text})
    assert one.fix is None


def test_the_fix_in_json_stands_where_the_command_is_written() -> None:
    text = (
        '{"builders": [{"type": "docker", "image": "x"}], "provisioners": '
        '[{"type": "shell", "inline": ["echo \\"a\\" && apt-get install nginx"]}]}'
    )
    (one,) = findings(ASKS, {"web.json": text})
    assert one.fix is not None
    (edit,) = one.fix.edits
    at = edit.range.start
    assert text[:at].endswith("apt-get install")


@pytest.mark.parametrize(
    ("command", "severity"),
    [
        ("sudo /sbin/reboot", Severity.WARNING),
        ("sudo shutdown -r now", Severity.WARNING),
        ("shutdown -r +1", Severity.NOTE),
        ("nohup systemctl reboot", Severity.WARNING),
        ("test -f /var/run/reboot-required && init 6", Severity.WARNING),
    ],
)
def test_a_restart(command: str, severity: Severity) -> None:
    (one,) = of_command(REBOOT, command)
    assert one.severity is severity


@pytest.mark.parametrize(
    "command",
    [
        "echo 'now reboot'",
        "systemctl status reboot.target",
        "shutdown -c -r",
        "shutdown -h now",
        "nohup reboot &",
        "grep reboot /etc/cron.d/x",
    ],
)
def test_no_restart(command: str) -> None:
    assert not of_command(REBOOT, command)


def test_a_step_that_may_expect_the_restart() -> None:
    for value in ("true", '"true"', "var.x"):
        body = f'inline = ["reboot"]\nexpect_disconnect = {value}'
        text = template(f'provisioner "shell" {{\n{body}\n}}') + 'variable "x" {}\n'
        assert not findings(REBOOT, {"web.pkr.hcl": text})


def test_one_finding_for_a_step_that_restarts_twice() -> None:
    assert len(of_command(REBOOT, "reboot || shutdown -r now")) == 1


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("curl https://x.example | tee log | sudo sh", 1),
        ("wget -O - https://x.example | sudo bash -s -- -b /usr/bin", 1),
        ('/bin/bash -c "$(curl -fsSL https://x.example)"', 1),
        ("source <(curl -s https://x.example)", 1),
        ("curl http://localhost:8080/x | sh", 0),
        ("curl -s http://$PACKER_HTTP_ADDR/x | bash", 0),
        ("curl https://x.example | jq .", 0),
        ("curl https://x.example | sudo tee /etc/x", 0),
        ("curl https://x.example | sudo apt-key add -", 0),
        ("curl https://x.example | bash -n script.sh", 0),
        ("curl https://x.example | python3 -m json.tool", 0),
        ('bash -c "echo $(curl https://x.example)"', 0),
    ],
)
def test_what_runs_a_download(command: str, count: int) -> None:
    assert len(of_command(PIPED, command)) == count


def test_a_script_file_has_the_finding_and_the_step_is_named() -> None:
    (one,) = of_step(ASKS, 'script = "a.sh"', **{"a.sh": "#!/bin/sh\napt install x\n"})
    assert (one.range.document.path, one.range.first.line) == ("a.sh", 2)
    assert [it.range.document.path for it in one.related] == ["web.pkr.hcl"]


def race(steps: str, source: str = 'source "amazon-ebs" "web" {\n  ssh_username = "x"\n}') -> int:
    return len(findings(RACE, {"web.pkr.hcl": template(steps, source)}))


APT = 'provisioner "shell" {\n  inline = ["sudo apt-get update"]\n}\n'


def test_who_races_with_the_first_boot() -> None:
    assert race(APT) == 1
    assert race('provisioner "shell-local" {\n  command = "true"\n}\n' + APT) == 1
    assert race('provisioner "breakpoint" {}\n' + APT) == 1
    for first in ("ansible", "shell", "powershell"):
        assert race(f'provisioner "{first}" {{\n  inline = ["true"]\n}}\n' + APT) == 0
    assert race(APT.replace("inline", "max_retries = 3\n  inline")) == 0
    for pause, found in (("5s", 1), ("30s", 0), ("1m", 0)):
        assert race(APT.replace("inline", f'pause_before = "{pause}"\n  inline')) == found
    for before, found in (("sleep 5", 1), ("sleep 30", 0), ("fuser /var/lib/dpkg/lock", 0), ("./wait.sh", 1)):
        assert race(APT.replace('["sudo', f'["{before}", "sudo')) == found
    assert race(APT.replace("sudo apt-get update", "bash wait.sh; apt-get update")) == 0


def test_lesson_9_a_machine_that_is_installed_has_no_first_boot_of_a_cloud() -> None:
    iso = 'source "qemu" "web" {\n  iso_url = "a.iso"\n  ssh_username = "x"\n}'
    assert race(APT, iso) == 0
    assert race(APT, iso.replace("iso_url", "disk_image = true\n  iso_url")) == 1
    debian = 'source "googlecompute" "web" {\n  source_image_family = "debian-12"\n  ssh_username = "x"\n}'
    assert race(APT, debian) == 0
    assert race(APT, debian.replace("debian-12", "ubuntu-2404-lts")) == 1


def drops(execute: str, more: str = 'environment_vars = ["A=b"]') -> int:
    body = f'{more}\nexecute_command = "{execute}"\nscript = "a.sh"'
    return len(of_step(DROPS, body, **{"a.sh": "true"}))


def test_when_sudo_drops_variables() -> None:
    assert drops("{{ .Vars }} sudo -S bash '{{ .Path }}'") == 1
    assert drops("echo 'x' | {{.Vars}} sudo -S -n bash {{.Path}}") == 1
    assert drops("chmod +x {{ .Path }}; {{ .Vars }} sudo sh {{ .Path }}") == 1
    assert drops("{{ .Vars }} sudo -E -S bash {{ .Path }}") == 0
    assert drops("{{ .Vars }} sudo --preserve-env=A bash {{ .Path }}") == 0
    assert drops("sudo -S env {{ .Vars }} bash {{ .Path }}") == 0
    assert drops("sudo -S bash -c '{{ .Vars }} {{ .Path }}'") == 0
    assert drops("{{ .Vars }} sudo bash {{ .Path }}", "environment_vars = []") == 0
    assert drops("{{ .Vars }} sudo bash {{ .Path }}", "env = {A = 1}") == 1


def shutdown(command: str, guest: str, more: str = "") -> list[Severity]:
    source = f'source "vmware-iso" "web" {{\n{guest}\n{more}\nshutdown_command = "{command}"\n}}'
    found = findings(SHUTDOWN, {"web.pkr.hcl": template("", source)})
    return [it.severity for it in found]


def test_a_command_of_another_system() -> None:
    linux, windows = 'guest_os_type = "ubuntu-64"', 'guest_os_type = "windows2019srvnext-64"'
    assert shutdown("shutdown /s /t 10", linux) == [Severity.ERROR]
    assert shutdown("a:/shutdown.bat", linux) == [Severity.ERROR]
    assert shutdown("echo 'x' | sudo -S poweroff", windows) == [Severity.ERROR]
    assert shutdown("shutdown -s -t 10", windows) == []
    assert shutdown("sudo shutdown -P now", linux) == []
    assert shutdown("c:/windows/system32/sysprep/sysprep.exe /shutdown", windows) == []
    assert shutdown("shutdown /s", "") == []
    # What the tools tell is evidence too: a guest that both speak of differently is not known.
    assert shutdown("sudo poweroff", windows, 'tools_upload_flavor = "linux"') == []


def local(steps: str, *there: str, directory: str = "") -> list[tuple[int, str]]:
    files = {f"{directory}web.pkr.hcl": template(steps), **dict.fromkeys(there, "x")}
    return [(it.range.first.line, it.severity.value) for it in findings(MISSING, files)]


def upload(path: str, more: str = "") -> str:
    return f'provisioner "file" {{\n  source = "{path}"\n  destination = "/tmp/x"\n{more}\n}}\n'


def test_where_packer_may_be_run() -> None:
    assert local(upload("a.txt"), "a.txt") == []
    assert local(upload("files/a.txt"), "files/a.txt", directory="images/web/") == []
    assert local(upload("../a.txt"), "images/a.txt", directory="images/web/") == []
    assert local(upload("a.txt")) == [(7, "error")]
    # Run from elsewhere: nothing is found, and something would be there.
    assert local(upload("a.txt") + upload("b/c.txt"), "other/a.txt", "other/b/c.txt") == []
    assert local(upload("a.txt") + upload("../b.txt")) == [(7, "error")]
    assert local(upload("${path.root}/a.txt"), "other/a.txt") == [(7, "error")]
    assert local(upload("b.txt") + upload("a.txt"), "b.txt", "other/a.txt") == [(12, "error")]


def test_lesson_12_what_is_made_before_the_build() -> None:
    assert local(upload("dist/a.tar")) == [(7, "note")]
    assert local(upload("output-base/a.ova")) == [(7, "note")]
    assert local(upload("a.tar", "  generated = true")) == []
    assert local(upload("a.tar", '  direction = "download"')) == []
    made = 'provisioner "shell-local" {\n  inline = ["make a.tar"]\n}\n'
    assert local(made + upload("a.tar")) == [(10, "note")]
    text = template(upload("keys/a.pub"))
    (one,) = findings(MISSING, {"web.pkr.hcl": text, ".gitignore": "*.pub\n"})
    assert one.severity is Severity.NOTE


def test_a_step_of_another_file_excuses_nothing() -> None:
    other = (
        'build {\n  sources = ["docker.web"]\n  provisioner "shell-local" {\n    inline = ["true"]\n  }\n}\n'
    )
    padding = "# a comment\n" * 40
    files = {"a.pkr.hcl": other, "web.pkr.hcl": padding + template(upload("a.tar"))}
    assert [it.severity for it in findings(MISSING, files)] == [Severity.ERROR]


def test_paths_that_are_not_looked_for() -> None:
    for path in (
        "/etc/x",
        "~/x",
        "C:/x",
        "https://x.example/y",
        "$HOME/x",
        "${var.x}/y",
        "{{ .Name }}",
        "x*",
    ):
        text = template(upload(path)) + 'variable "x" {}\n'
        assert not findings(MISSING, {"web.pkr.hcl": text})


def test_several_files_of_a_missing_folder_are_one_finding() -> None:
    (one,) = findings(
        MISSING, {"web.pkr.hcl": template(upload("d/a.txt") + upload("d/b.txt") + upload("c"))} | {"c": ""}
    )
    assert "`d`" in one.message
    assert "2 paths" in one.message


def test_a_path_that_is_found_above_needs_no_path_root() -> None:
    def found(*there: str) -> int:
        text = template(upload("a.txt"))
        return len(findings(ROOT, {"web/w.pkr.hcl": text, **dict.fromkeys(there, "x")}))

    assert found("web/a.txt") == 1
    assert found("a.txt") == 0
    assert found() == 0
