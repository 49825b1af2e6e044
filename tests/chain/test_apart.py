"""Which two images are not built at once."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from packlint.chain.apart import conflict, hold
from packlint.chain.images import Image, artifact_graph
from packlint.pipeline import understand
from packlint.settings import Settings

VARIABLES = 'variable "v" {}\nvariable "s" {\n  default = "secret-name"\n  sensitive = true\n}\n'


def images(folder: Path, texts: dict[str, str]) -> tuple[Image, ...]:
    """The images of templates, `TYPE NAME { … }` a line; each source is built."""
    for name, text in texts.items():
        path = folder / name / "a.pkr.hcl"
        path.parent.mkdir(parents=True, exist_ok=True)
        sources, names = "", []
        for line in text.strip().splitlines():
            type_, label, body = line.strip().split(" ", 2)
            lines = body.strip()[1:-1].replace(";", "\n")
            sources += f'source "{type_}" "{label}" {{\n{lines}\n}}\n'
            names.append(f'"source.{type_}.{label}"')
        path.write_text(
            f"{VARIABLES}{sources}build {{\n  sources = [{', '.join(names)}]\n}}\n", encoding="utf-8"
        )
    found = understand([folder], Settings(), folder)
    assert not found.diagnostics
    return artifact_graph(found.configurations, ()).images


APART = [
    (
        'qemu a { output_directory = "out" }\nvirtualbox-iso b { output_directory = "./out/" }',
        'both write to "out"',
    ),
    ("vmware-iso a {}\nqemu a {}", 'both write to "output-a"'),
    ('vmware-iso a { output_directory = "x/${var.v}" }\nqemu b { output_directory = "x/${var.v}" }', "both"),
    (
        'virtualbox-iso a { vm_name = "n" }\nvirtualbox-iso b { vm_name = "n" }',
        "both have one `vm_name` on one VirtualBox",
    ),
    (
        'qemu a { http_directory = "h"; http_port_min = 8100; http_port_max = 8100 }\n'
        'amazon-ebs b { http_directory = "h"; http_port_min = 8100; http_port_max = 8100 }',
        "both take port 8100",
    ),
    (
        "qemu a { vnc_port_min = 5901; vnc_port_max = 5901 }\n"
        "vmware-iso b { vnc_port_min = 5901; vnc_port_max = 5901 }",
        "both take port 5901",
    ),
    (
        "qemu a { host_port_min = 2222; host_port_max = 2222 }\n"
        'qemu b { qemuargs = [["-netdev", "user,id=n,hostfwd=tcp::2222-:22"]] }',
        "both take port 2222",
    ),
    (
        "virtualbox-iso a { ssh_host_port_min = 2222; ssh_host_port_max = 2222 }\n"
        "virtualbox-iso b { ssh_host_port_min = 2222; ssh_host_port_max = 2222 }",
        "both take port 2222",
    ),
    (
        'qemu a { qemuargs = [["-qmp", "tcp:localhost:4444,server,nowait"]] }\n'
        'qemu b { qemuargs = [["-monitor", "tcp::4444,server"]] }',
        "both take port 4444",
    ),
    (
        'qemu a { qemuargs = [["-qmp", "unix:q.sock,server"]] }\nqemu b { qmp_socket_path = "q.sock" }',
        "both listen on one socket",
    ),
    ('qemu a { qemuargs = [["-vnc", ":1"]] }\nqemu b { qemuargs = [["-vnc", "127.0.0.1:1"]] }', "port 5901"),
    ('qemu a { accelerator = "kvm" }\nvirtualbox-iso b {}', "cannot run side by side on one host"),
    ("hyperv-iso a {}\nvirtualbox-iso b {}", "cannot run side by side on one host"),
    ("hyperv-iso a {}\nparallels-iso b {}", "cannot run side by side on one host"),
    (
        'proxmox-iso a { proxmox_url = "https://p"; vm_id = 100 }\n'
        'proxmox-clone b { proxmox_url = "https://p"; vm_id = 100 }',
        "both have one `vm_id`",
    ),
    ('file a { content = "1"; target = "t" }\nfile b { content = "2"; target = "./t" }', 'both write to "t"'),
]

TOGETHER = [
    "qemu a {}\nqemu b {}",
    'qemu a { accelerator = "tcg" }\nvirtualbox-iso b {}',
    "virtualbox-iso a {}\nvmware-iso b {}",
    'vmware-iso a { remote_type = "esx5" }\nqemu a {}',
    "qemu a { http_port_min = 8100; http_port_max = 8100 }\n"
    "qemu b { http_port_min = 8100; http_port_max = 8100 }",
    "qemu a { vnc_port_min = 5900; vnc_port_max = 6000 }\n"
    "qemu b { vnc_port_min = 5900; vnc_port_max = 6000 }",
    "qemu a { output_directory = var.v }\nqemu b { output_directory = data.x.y.z }",
    'qemu a { qemuargs = [["-netdev", "user,hostfwd=tcp::{{ .SSHHostPort }}-:22"]] }\n'
    'qemu b { qemuargs = [["-netdev", "user,hostfwd=tcp::{{ .SSHHostPort }}-:22"]] }',
    'qemu a { qemuargs = [["-qmp", "tcp:localhost:4444"]] }\nqemu b { qemuargs = [["-qmp", "tcp:x:4444"]] }',
    'qemu a { vm_name = "n" }\nvmware-iso b { vm_name = "n" }',
    "null a {}\nnull b {}",
    'amazon-ebs a { region = "x"; ami_name = "n" }\namazon-ebs b { region = "y"; ami_name = "n" }',
]


@pytest.mark.parametrize(("text", "why"), APART)
def test_two_that_want_the_same_are_apart(tmp_path: Path, text: str, why: str) -> None:
    one, other = images(tmp_path, {"t": text})
    assert why in (conflict(one, other, "t") or "")
    assert not hold([one], "t").bears(hold([other], "t"))
    assert not hold([other], "t").bears(hold([one], "t"))


@pytest.mark.parametrize("text", TOGETHER)
def test_others_are_not(tmp_path: Path, text: str) -> None:
    one, other = images(tmp_path, {"t": text})
    assert conflict(one, other, "t") is None
    assert hold([one], "t").bears(hold([other], "t"))


def test_a_directory_counts_from_where_packer_is_run(tmp_path: Path) -> None:
    one, other = images(tmp_path, {"a": "qemu x {}", "b": "qemu x {}"})
    assert hold([one], "a").bears(hold([other], "b"))
    assert not hold([one], ".").bears(hold([other], "."))


def test_a_variable_of_another_template_is_another_one(tmp_path: Path) -> None:
    same = 'qemu x { output_directory = "o/${var.v}" }'
    one, other = images(tmp_path, {"a": same, "b": same})
    assert hold([one], ".").bears(hold([other], "."))


def test_what_is_sensitive_is_not_told(tmp_path: Path) -> None:
    text = 'file a { content = "1"; target = var.s }\n'
    one, other = images(tmp_path, {"t": text + text.replace(" a ", " b ")})
    assert conflict(one, other, "t") == "both write to the same file"


def test_what_is_held_is_held_together(tmp_path: Path) -> None:
    one, two, three = images(tmp_path, {"t": "qemu a {}\nqemu b {}\nvirtualbox-iso a {}"})
    together = hold([one], "t").with_more(hold([two], "t"))
    assert together == hold([one, two], "t")
    assert not together.bears(hold([three], "t"))
    assert all(
        hold([first], "t").bears(hold([second], "t")) == (conflict(first, second, "t") is None)
        for first, second in combinations((one, two, three), 2)
    )
