"""What is a secret in a template, and what only looks like one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from packlint.diagnostic import Severity
from packlint.document import Document
from packlint.secrets.formats import keys
from packlint.secrets.names import holds_secret, is_stand_in, is_throw_away, takes_secret
from packlint.testing import findings, fixed

# In two parts, so that nobody takes them for keys that were given to anybody.
AWS = "AKIA" + "Q7R2ZK3MVT5XWB9D"
GITHUB = "ghp_" + "a8F3kZ0qLm2XvB7nR5tY1cW9dE4gH6jS8pUo"
GITLAB = "glpat-" + "x7Yk2Lm9Qz4Vb8Nc3Rt5"
VAULT = "hvs." + "CAESIJ3kq8ZxW2vLm9Qz4Vb8Nc3Rt5Yk"
PEM = (
    "-----BEGIN RSA "
    + "PRIVATE KEY-----\n"
    + "MIIEowIBAAKCAQEA7bq8Zk2Vx9QwLr4TnM1sYdUfHjKpOiGeCvBaXzSlWtRmNyPu\n"
)


def source(builder: str, body: str, more: str = "") -> dict[str, str]:
    build = f'build {{\n  sources = ["{builder}.a"]\n}}\n'
    return {"a.pkr.hcl": f'source "{builder}" "a" {{\n{body}\n}}\n{more}{build}'}


@pytest.mark.parametrize("key", [AWS, GITHUB, GITLAB, VAULT, PEM, PEM.replace("\n", "\\n")])
def test_a_key_of_a_known_form(key: str) -> None:
    text = f"x = '{key}'  "
    (found,) = keys(text)
    assert found.start == 5 and found.end >= 5 + len(key.rstrip("\\n"))


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + "XXXXXXXXXXXXXXXX",
        "ami-0abcdef1234567890",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "123e4567-e89b-12d3-a456-426614174000",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3kq8ZxW2vLm9Qz4Vb8Nc3Rt5Yk7Fg2Hd6Js9Pw alice",
        "grep -q 'BEGIN RSA PRIVATE KEY' id_rsa",
        "-----BEGIN CERTIFICATE-----\n"
        + "MIIEowIBAAKCAQEA7bq8Zk2Vx9QwLr4TnM1sYdUfHjKpOiGeCvBaXzSlWtRmNyPu" * 3,
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----" + " and so on" * 10,
        "ghp_" + "x" * 36,
    ],
)
def test_what_only_looks_like_a_key(text: str) -> None:
    assert not [*keys(text)]


def test_a_key_is_found_once_in_comments_and_heredocs_too() -> None:
    body = f"  # {AWS}\n  user_data = <<-EOT\n    key: {AWS}\n  EOT"
    (found,) = findings("secret-literal", source("amazon-ebs", body))
    assert (found.severity, found.range.first.line) == (Severity.ERROR, 2)
    assert [place.range.first.line for place in found.related] == [4]


def test_a_key_in_a_secret_argument_is_told_once() -> None:
    (found,) = findings("secret-literal", source("digitalocean", f'  api_token = "{VAULT}"'))
    assert found.severity is Severity.ERROR and "Vault token" in found.message


def test_a_key_as_a_default_is_told_once() -> None:
    files = source("digitalocean", "  api_token = var.t", f'variable "t" {{\n  default = "{VAULT}"\n}}\n')
    assert len(findings("secret-literal", files)) == 1
    assert not findings("secret-variable-default", files)


def test_one_secret_in_several_places_is_one_finding() -> None:
    files = {
        "a.pkr.hcl": """\
source "azure-arm" "a" {
  client_secret  = "Kx7.q~R2m"
}
source "azure-arm" "b" {
  client_secret  = "Kx7.q~R2m"
  winrm_password = "other~R2m"
}
build {
  sources = ["azure-arm.a", "azure-arm.b"]
}
"""
    }
    first, second = findings("secret-literal", files)
    assert [place.range.first.line for place in first.related] == [5]
    assert second.range.first.line == 6
    after = fixed("secret-literal", files)["a.pkr.hcl"]
    assert after.count("= var.client_secret") == 2 and after.count("= var.winrm_password") == 1
    assert after.count('variable "') == 2


@pytest.mark.parametrize(
    ("builder", "severity"),
    [
        ("virtualbox-iso", None),
        ("docker", None),
        ("null", None),
        ("somebody-elses", None),
        ("proxmox-iso", Severity.NOTE),
        ("amazon-ebs", Severity.WARNING),
    ],
)
def test_lesson_10_throw_away_installer_passwords(builder: str, severity: Severity | None) -> None:
    told = findings("secret-literal", source(builder, '  ssh_password = "vagrant"'))
    assert [it.severity for it in told] == ([] if severity is None else [severity])
    variable = 'variable "pw" {\n  sensitive = true\n  default   = "vagrant"\n}\n'
    told = findings("secret-variable-default", source(builder, "  ssh_password = var.pw", variable))
    assert [it.severity for it in told] == ([] if severity is None else [severity])
    line = "  shutdown_command = \"echo 'vagrant' | sudo -S poweroff\""
    told = findings("password-in-command", source(builder, line))
    assert [it.severity for it in told] == ([] if severity is None else [severity])


def test_a_password_of_a_server_is_no_throw_away() -> None:
    (found,) = findings("secret-literal", source("vsphere-iso", '  password = "VMware1!"'))
    assert found.severity is Severity.WARNING


def test_a_throw_away_is_not_to_be_masked_in_the_log() -> None:
    variable = 'variable "pw" {\n  default = "vagrant"\n}\n'
    assert not findings("secret-variable-not-sensitive", source("qemu", "  ssh_password = var.pw", variable))
    assert findings(
        "secret-variable-not-sensitive", source("amazon-ebs", "  winrm_password = var.pw", variable)
    )


def test_a_conditional_gives_its_secrets() -> None:
    variables = 'variable "pw" {\n  default = ""\n}\n'
    files = source("azure-arm", '  client_secret = var.pw != "" ? var.pw : "Kx7.q~R2m"', variables)
    assert len(findings("secret-literal", files)) == 1
    assert len(findings("secret-variable-not-sensitive", files)) == 1


def test_said_to_be_no_secret() -> None:
    variable = 'variable "ssh_password" {\n  sensitive = false\n}\n'
    assert not findings("secret-variable-not-sensitive", {"a.pkr.hcl": variable})


@pytest.mark.parametrize(
    "variable",
    [
        'variable "api_token" {\n  # how to get in\n  type = string\n  default = null\n}\n',
        'variable "api_token" {\n\n  description = "x" # for the API\n\n  default = ""\n}\n',
        'variable "api_token" {\n}\n',
        'variable "api_token" {\n  description = <<-EOT\n    x\n  EOT\n}\n',
        'variable "api_token" {\r\n  type = string\r\n}\r\n',
    ],
)
def test_ways_to_write_a_variable(variable: str) -> None:
    files = {"a.pkr.hcl": variable}
    (found,) = findings("secret-variable-not-sensitive", files)
    after = fixed("secret-variable-not-sensitive", files)["a.pkr.hcl"]
    assert ("sensitive" in after) == (found.fix is not None)
    if found.fix is not None:
        assert not findings("secret-variable-not-sensitive", {"a.pkr.hcl": after})
        assert after.count("\r") in (0, after.count("\n"))


def test_json_of_hcl() -> None:
    text = '{\n  "variable": {\n    "api_token": {\n      "type": "string"\n    }\n  }\n}\n'
    after = fixed("secret-variable-not-sensitive", {"a.pkr.json": text})["a.pkr.json"]
    assert '"type": "string",\n      "sensitive": true\n' in after


def test_legacy_with_a_list() -> None:
    text = """\
{
  "variables": { "a_token": "", "b_token": "", "c_token": "" },
  "sensitive-variables": ["a_token"],
  "builders": [{ "type": "null", "communicator": "none" }]
}
"""
    assert len(findings("secret-variable-not-sensitive", {"a.json": text})) == 2
    after = fixed("secret-variable-not-sensitive", {"a.json": text})["a.json"]
    assert '"sensitive-variables": ["a_token", "b_token", "c_token"]' in after


@pytest.mark.parametrize(
    "name",
    [
        *("ssh_password", "winrm_password", "token", "client_secret", "secret_key", "root_pass"),
        *("vnc_password", "login_password", "pass_phrase", "private_key", "api_key", "aws_secret_access_key"),
    ],
)
def test_arguments_that_take_a_secret(name: str) -> None:
    assert takes_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("ssh_private_key_file", "vnc_disable_password", "template_password_enabled", "vnc_use_password"),
        *(
            "password_hash",
            "token_ttl",
            "secret_name",
            "access_key",
            "kms_key_id",
            "http_tokens",
            "passthrough",
        ),
        *("windows_password_timeout", "password_env_var", "boot_key_interval"),
    ],
)
def test_arguments_that_do_not(name: str) -> None:
    assert not takes_secret(name)


def test_variables_by_name() -> None:
    meant = ("ssh_password", "ADMIN_PASSWORD", "apiToken", "do-token", "apikey", "db_pass", "tls_private_key")
    assert [name for name in meant if not holds_secret(name)] == []
    others = ("password_hash", "token_ttl", "bypass", "compass", "password_file", "key_path", "secret_name")
    assert [name for name in (*others, "use_password", "tokens", "passwords") if holds_secret(name)] == []


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "...",
            "XXX",
            "****",
            "<token>",
            "YOUR API TOKEN",
            "your-vm-password",
            "REPLACE_ME",
            "$PASSWORD",
        ),
        *("{{ .WinRMPassword }}", "ENC[AES256_GCM,data:8fK2]", "$ANSIBLE_VAULT;1.1;AES256", "%PASSWORD%"),
        *("arn:aws:secretsmanager:eu-west-1:1:secret:x", "~/.ssh/id_rsa", "./key.pem", "artifactory-token"),
    ],
)
def test_stand_ins(value: str) -> None:
    assert is_stand_in(value, "artifactory_token")


@pytest.mark.parametrize("value", ["Kx7.q~R2m", "SuperS3cr3t!", "1ma63b0rk3d", "shadowman", "vagrant"])
def test_no_stand_ins(value: str) -> None:
    assert not is_stand_in(value, "ssh_password")


def test_words_that_everybody_knows() -> None:
    known = (
        "vagrant",
        "packer",
        "Passw0rd!",
        "P@ssw0rd",
        "changeme",
        "toor",
        "p@ck3r",
        "VMw@re1!",
        "Test1234",
    )
    assert [it for it in known if not is_throw_away(it)] == []
    assert [it for it in ("Kx7.q~R2m", "SuperS3cr3t!", "1ma63b0rk3d", "shadowman") if is_throw_away(it)] == []


@pytest.mark.parametrize(
    "line",
    [
        "mysqladmin -u root password",
        "mysql -p",
        "mkdir -p /opt/app",
        "ssh -p 2222 a@b",
        "echo $PW | sudo -S true",
        "echo $(cat pw) | sudo -S true",
        "echo 'yes' | sudo apt-get install x",
        "tool --password=$PW",
        "tool --password-file=/run/pw",
        "docker run -p 80:80 nginx",
        "curl -u $USER:$PW https://example.com",
    ],
)
def test_commands_without_a_password(line: str) -> None:
    assert not _inline(line)


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("echo Kx7.qR2m | sudo -S true", "sudo"),
        ("echo 'root:Kx7.qR2m' | chpasswd", "chpasswd"),
        ("mysql -uroot -pKx7.qR2m app", "mysql"),
        ("tool --password=Kx7.qR2m", "tool"),
        ("sshpass -p Kx7.qR2m ssh a@b", "sshpass"),
        ("docker login -u a -p Kx7.qR2m", "docker"),
        ("sudo curl -u 'a:Kx7.qR2m' https://example.com", "curl"),
    ],
)
def test_commands_with_a_password(line: str, program: str) -> None:
    (message,) = _inline(line)
    assert f"`{program}`" in message and "Kx7" not in message


def _inline(line: str) -> list[str]:
    text = f"""\
source "qemu" "a" {{
}}
build {{
  sources = ["qemu.a"]
  provisioner "shell" {{
    inline = ["{line}"]
  }}
}}
"""
    return [it.message for it in findings("password-in-command", {"a.pkr.hcl": text})]


def test_a_legacy_password_from_a_variable() -> None:
    text = """\
{
  "variables": { "pw": "Kx7.qR2m" },
  "builders": [
    {
      "type": "qemu",
      "shutdown_command": "echo '{{ user `pw` }}' | sudo -S poweroff"
    }
  ]
}
"""
    assert not findings("password-in-command", {"a.json": text})


def test_lesson_14_a_legacy_variable_that_is_declared_elsewhere() -> None:
    builder = '{ "type": "azure-arm", "client_secret": "{{ user `s` }}" }'
    text = f'{{ "builders": [{builder}] }}'
    assert not findings("secret-variable-not-sensitive", {"a.json": text})
    text = f'{{ "variables": {{ "s": null }}, "builders": [{builder}] }}'
    assert len(findings("secret-variable-not-sensitive", {"a.json": text})) == 1


def test_files_that_sops_encrypted() -> None:
    text = '{\n  "db_password": "8fK2mQ",\n  "sops": { "version": "3.8.1" }\n}\n'
    assert not findings("secret-in-var-file", {"a.pkrvars.json": text})


def test_the_user_is_the_password() -> None:
    text = 'ssh_username = "vyos"\nssh_password = "vyos"\n'
    assert not findings("secret-in-var-file", {"a.pkrvars.hcl": text})


def test_a_key_in_a_var_file_under_any_name() -> None:
    files = {"a.pkrvars.hcl": f'user_data = "{GITHUB}"\n'}
    (found,) = findings("secret-in-var-file", files)
    assert found.severity is Severity.ERROR and "GitHub token" in found.message
    assert not findings("secret-literal", files)


def test_a_normal_template_does_not_load_the_scanner(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text(
        'source "qemu" "a" {\n  ssh_password = "Kx7.q~R2m"\n  iso_checksum = "sha256:'
        + "9f86d081884c7d65" * 4
        + '"\n}\nbuild {\n  sources = ["qemu.a"]\n}\n'
    )
    program = (
        "import sys; from pathlib import Path; from packlint.pipeline import run;"
        "from packlint.settings import Settings; root = Path(sys.argv[1]);"
        "outcome = run([root], Settings(), root);"
        "assert any(it.rule == 'secret-literal' for it in outcome.diagnostics);"
        "print('detect_secrets' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_time_is_linear_in_the_size() -> None:
    for text in (
        "eyJ" * 40_000,
        "-----BEGIN RSA PRIVATE KEY-----\n" * 4_000,
        "sk-" * 40_000,
        "xox" + "b-1-" * 40_000,
    ):
        assert not [*keys(Document("a", text).text)]
