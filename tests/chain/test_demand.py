"""What the machine of a source takes of the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.chain.demand import Demand, demand
from packlint.pipeline import understand
from packlint.settings import Settings


def demand_of(folder: Path, type_: str, body: str) -> Demand:
    """What a source of that type with these arguments takes."""
    lines = body.replace(";", "\n")
    text = f'variable "n" {{}}\nsource "{type_}" "x" {{\n{lines}\n}}\n'
    (folder / "a.pkr.hcl").write_text(f'{text}build {{\n  sources = ["source.{type_}.x"]\n}}\n')
    (configuration,) = understand([folder], Settings(), folder).configurations
    return demand(configuration.builds[0].uses[0])


@pytest.mark.parametrize(
    ("type_", "body", "wanted"),
    [
        ("virtualbox-iso", "", (512, 1, True)),
        ("virtualbox-iso", "memory = 2048; cpus = 3", (2048, 3, True)),
        ("virtualbox-iso", 'vboxmanage = [["modifyvm", "{{.Name}}", "--cpus", "4"]]', (512, 4, True)),
        (
            "virtualbox-iso",
            'vboxmanage = [["modifyvm", "x", "--cpus", "4", "--memory", "1024"]]',
            (1024, 4, True),
        ),
        ("virtualbox-iso", 'vboxmanage = [["modifyvm", "x", "--cpus", var.n]]', (512, 1, False)),
        ("virtualbox-ovf", "", (512, 1, False)),
        ("vmware-iso", 'vmx_data = { "numvcpus" = "6", "memsize" = "3000" }', (3000, 6, True)),
        ("vmware-iso", 'cpus = 6; memory = 3000; remote_type = "esx5"', (0, 0, True)),
        ("vmware-vmx", 'vmx_data = { numvcpus = "2" }', (512, 2, False)),
        ("qemu", "", (512, 1, True)),
        ("qemu", "cpus = 2", (512, 2, True)),
        ("qemu", "cpus = 0", (512, 1, True)),
        ("qemu", "sockets = 2; cores = 3", (512, 6, True)),
        ("qemu", "cpus = var.n", (512, 1, False)),
        ("qemu", 'cpus = 2; qemuargs = [["-smp", "8"]]', (512, 8, True)),
        ("qemu", 'qemuargs = [["-smp", "cpus=4,sockets=1"], ["-m", "2G"]]', (2048, 4, True)),
        ("qemu", 'qemuargs = [["-smp", "4,cores=2"]]', (512, 4, True)),
        ("qemu", 'qemuargs = [["-smp", "sockets=2,cores=2,threads=2"]]', (512, 8, True)),
        ("qemu", 'qemuargs = [["-smp", "host"]]', (512, 1, False)),
        ("hyperv-iso", "", (1024, 1, True)),
        ("parallels-iso", 'prlctl = [["set", "{{.Name}}", "--cpus", "2"]]', (512, 2, True)),
        ("tart-cli", "memory_gb = 4; cpu_count = 4", (4096, 4, True)),
        ("tart-cli", "", (512, 1, False)),
        ("docker", "", (0, 0, True)),
        ("null", "", (0, 0, True)),
        ("file", "", (0, 0, True)),
        ("amazon-ebs", "", (0, 0, True)),
        ("vsphere-iso", "RAM = 4096; CPUs = 4", (0, 0, True)),
        ("of-a-plugin-nobody-knows", "memory = 4096", (0, 0, True)),
    ],
)
def test_a_machine_takes_what_the_template_says(
    tmp_path: Path, type_: str, body: str, wanted: tuple[int, int, bool]
) -> None:
    assert demand_of(tmp_path, type_, body) == wanted
