"""What goes into an image: each kind of change flips what it should, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.chain.images import Image, artifact_graph
from packlint.chain.ingredients import Recipes, because, plain
from packlint.configure import Nearest
from packlint.inputs import NOTHING, Inputs
from packlint.pipeline import understand
from packlint.settings import Flags

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"

HCL = """
packer {
  required_version = ">= 1.6"
  required_plugins {
    qemu   = { source = "github.com/hashicorp/qemu", version = "~> 1.0" }
    docker = { source = "github.com/hashicorp/docker", version = "~> 1.0" }
  }
}
variable "memory" {
  default = 1024
}
variable "unused" {
  default = "a"
}
variable "admin_password" {
  default = "tiger-7"
}
locals {
  name  = "debian"
  stamp = timestamp()
  tag   = "${local.name}-${local.stamp}-${var.memory}"
}
source "qemu" "debian" {
  vm_name        = "vm-${local.tag}"
  memory         = var.memory
  http_directory = "http"
  cd_files       = ["cd/*.cfg"]
  ssh_password   = var.admin_password
}
source "docker" "debian" {
  image  = "debian:12"
  commit = true
}
build {
  sources = ["source.qemu.debian", "source.docker.debian"]
  provisioner "shell" {
    only   = ["docker.debian"]
    inline = ["echo docker"]
  }
  provisioner "shell" {
    script = "scripts/harden.sh"
    override = {
      qemu = { environment_vars = ["A=qemu"] }
    }
  }
  provisioner "ansible" {
    playbook_file = "ansible/site.yml"
  }
  provisioner "shell-local" {
    inline = ["./tools/sign.sh seed.iso > log"]
  }
  provisioner "file" {
    source      = "tree"
    destination = "/tmp/tree"
  }
  post-processor "vagrant" {
    only   = ["qemu.debian"]
    output = "boxes/{{.Provider}}.box"
  }
}
"""
FILES = {
    "t.pkr.hcl": HCL,
    "scripts/harden.sh": "echo a\n",
    "scripts/other.sh": "echo b\n",
    "http/preseed.cfg": "p\n",
    "http/deep/late.sh": "l\n",
    "cd/a.cfg": "a\n",
    "cd/a.txt": "a\n",
    "ansible/site.yml": "- import_playbook: more.yml\n",
    "ansible/more.yml": "- hosts: all\n",
    "ansible/unrelated.yml": "- hosts: none\n",
    "ansible/roles/web/tasks/main.yml": "- debug:\n",
    "ansible/group_vars/all.yml": "a: 1\n",
    "tools/sign.sh": "s\n",
    "seed.iso": "iso\n",
    "tree/x/y": "y\n",
    "boxes/libvirt.box": "box\n",
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def images(folder: Path, inputs: Inputs = NOTHING) -> dict[str, Image]:
    found = understand([folder], Nearest({}, Flags()), folder, inputs=inputs)
    graph = artifact_graph(found.configurations, links(found.configurations), found.declared)
    return {image.label: image for image in graph.images}


def ingredients(image: Image, seal: Callable[[str], bytes] = plain) -> Mapping[str, str]:
    return Recipes((image,), seal).of(image).ingredients


def unsure(image: Image) -> str | None:
    return because(Recipes((image,)).of(image).doubts)


def of(folder: Path) -> dict[str, Mapping[str, str]]:
    return {label: ingredients(image) for label, image in images(folder).items()}


def flipped(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {label for label in before.keys() | after.keys() if before.get(label) != after.get(label)}


QEMU, DOCKER = "the arguments of `qemu.debian`", "the arguments of `docker.debian`"


def test_each_thing_has_a_name(tmp_path: Path) -> None:
    found = of(write(tmp_path, FILES))
    common = {
        *("`packer` block", "required plugins", "`scripts/harden.sh`", "`ansible/site.yml`"),
        *("`ansible/more.yml`", "`ansible/roles/web/tasks/main.yml`", "`ansible/group_vars/all.yml`"),
        *("`tools/sign.sh`", "`seed.iso`", "`tree/x/y`"),
    }
    assert found["qemu.debian"].keys() == common | {
        *(QEMU, "`shell` provisioner 1", "`ansible` provisioner 2", "`shell-local` provisioner 3"),
        *("`file` provisioner 4", "`vagrant` post-processor 1"),
        *("`http/preseed.cfg`", "`http/deep/late.sh`", "`cd/a.cfg`"),
    }
    assert found["docker.debian"].keys() == common | {
        *(DOCKER, "`shell` provisioner 1", "`shell` provisioner 2", "`ansible` provisioner 3"),
        *("`shell-local` provisioner 4", "`file` provisioner 5"),
    }


NO: set[str] = set()


@pytest.mark.parametrize(
    ("name", "change", "qemu", "docker"),
    [
        ("t.pkr.hcl", ("source ", "# a comment\nsource "), NO, NO),
        ("t.pkr.hcl", ('"docker.debian"]\n', '"docker.debian",\n ]\n'), NO, NO),
        ("t.pkr.hcl", ("timestamp()", "timestamp( /* now */ )"), NO, NO),
        ("t.pkr.hcl", ('"a"', '"b"'), NO, NO),
        ("t.pkr.hcl", ("1024", "2048"), {QEMU}, NO),
        ("t.pkr.hcl", ("= 1024", "= 512 * 2"), NO, NO),
        ("t.pkr.hcl", ('= "debian"', '= "ubuntu"'), {QEMU}, NO),
        ("t.pkr.hcl", ("tiger-7", "tiger-8"), {QEMU}, NO),
        ("t.pkr.hcl", ("debian:12", "debian:13"), NO, {DOCKER}),
        ("t.pkr.hcl", ("commit = true", "commit = true\n  author = null"), NO, NO),
        ("t.pkr.hcl", ("echo docker", "echo podman"), NO, {"`shell` provisioner 1"}),
        ("t.pkr.hcl", ("A=qemu", "A=kvm"), NO, NO),
        ("t.pkr.hcl", ("qemu = {", "debian = {"), {"`shell` provisioner 1"}, {"`shell` provisioner 2"}),
        ("t.pkr.hcl", (">= 1.6", ">= 1.7"), {"`packer` block"}, {"`packer` block"}),
        (
            "t.pkr.hcl",
            ('hashicorp/qemu", version = "~> 1.0"', 'hashicorp/qemu", version = "~> 1.1"'),
            {"required plugins"},
            NO,
        ),
        ("t.pkr.hcl", ("{{.Provider}}.box", "b-{{.Provider}}.box"), {"`vagrant` post-processor 1"}, NO),
        ("scripts/harden.sh", ("\n", "\r\n"), {"`scripts/harden.sh`"}, {"`scripts/harden.sh`"}),
        ("scripts/other.sh", ("b", "c"), NO, NO),
        ("http/deep/late.sh", ("l", "k"), {"`http/deep/late.sh`"}, NO),
        ("cd/a.cfg", ("a", "b"), {"`cd/a.cfg`"}, NO),
        ("cd/a.txt", ("a", "b"), NO, NO),
        ("ansible/more.yml", ("all", "web"), {"`ansible/more.yml`"}, {"`ansible/more.yml`"}),
        ("ansible/unrelated.yml", ("none", "all"), NO, NO),
        ("tools/sign.sh", ("s", "t"), {"`tools/sign.sh`"}, {"`tools/sign.sh`"}),
        ("boxes/libvirt.box", ("box", "other"), NO, NO),
    ],
)
def test_a_change_flips_what_it_touches(
    tmp_path: Path, name: str, change: tuple[str, str], qemu: set[str], docker: set[str]
) -> None:
    old, new = change
    before = of(write(tmp_path, FILES))
    assert old in FILES[name]
    (tmp_path / name).write_bytes(FILES[name].replace(old, new).encode())
    after = of(tmp_path)
    assert flipped(before["qemu.debian"], after["qemu.debian"]) == qemu
    assert flipped(before["docker.debian"], after["docker.debian"]) == docker


def test_a_file_that_comes_or_goes_is_a_change(tmp_path: Path) -> None:
    before = of(write(tmp_path, FILES))
    (tmp_path / "scripts/harden.sh").unlink()
    write(tmp_path, {"http/new.cfg": "n"})
    after = of(tmp_path)
    assert flipped(before["docker.debian"], after["docker.debian"]) == {"`scripts/harden.sh`"}
    assert flipped(before["qemu.debian"], after["qemu.debian"]) == {"`scripts/harden.sh`", "`http/new.cfg`"}


def test_steps_in_another_order_are_a_change(tmp_path: Path) -> None:
    text = 'source "null" "a" {\n communicator = "none"\n}\nbuild {\n sources = ["null.a"]\n ONE\n TWO\n}\n'
    one = 'provisioner "shell-local" {\n inline = ["a"]\n }'
    two = 'provisioner "sleep" {\n duration = "1s"\n }'
    write(tmp_path, {"t.pkr.hcl": text.replace("ONE", one).replace("TWO", two)})
    before = of(tmp_path)["null.a"]
    write(tmp_path, {"t.pkr.hcl": text.replace("ONE", two).replace("TWO", one)})
    assert flipped(before, of(tmp_path)["null.a"])


JSON = """{
  "variable": {"size": {"default": "SIZE"}, "other": {"default": "OTHER"}},
  "source": {"file": {"a": {"target": "out-a", "content": "${var.size}"},
                      "b": {"target": "out-b", "content": "B"}}},
  "build": {"sources": ["file.a", "file.b"],
    "provisioner": [{"shell-local": {"script": "s.sh"}}]}
}"""
LEGACY = """{
  "variables": {"size": "SIZE", "other": "OTHER"},
  "builders": [{"type": "file", "name": "a", "target": "out-a", "content": "{{user `size`}}"},
               {"type": "file", "name": "b", "target": "out-b", "content": "B"}],
  "provisioners": [{"type": "shell-local", "script": "s.sh"}]
}"""


@pytest.mark.parametrize("named", [("t.pkr.json", JSON), ("t.json", LEGACY)], ids=["HCL-JSON", "legacy"])
@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (("SIZE", "LARGE"), {"the arguments of `file.a`"}),
        (("OTHER", "ELSE"), NO),
        (('"B"', '"C"'), NO),
        ((": ", ":   "), NO),
        (("s.sh", "r.sh"), {"`shell-local` provisioner 1", "`s.sh`", "`r.sh`"}),
    ],
)
def test_json_is_read_alike(
    tmp_path: Path, named: tuple[str, str], change: tuple[str, str], changed: set[str]
) -> None:
    (name, text), (old, new) = named, change
    legacy = name == "t.json"
    write(tmp_path, {name: text, "s.sh": "s", "r.sh": "r"})
    label = "a" if legacy else "file.a"
    [before] = [it for key, it in of(tmp_path).items() if key.rpartition(".")[2] == "a"]
    write(tmp_path, {name: text.replace(old, new)})
    [after] = [it for key, it in of(tmp_path).items() if key.rpartition(".")[2] == "a"]
    assert flipped(before, after) == {it.replace("file.a", label) for it in changed}


def test_a_large_file_counts_by_size_and_time(tmp_path: Path) -> None:
    text = 'source "qemu" "a" {\n iso_url = "big.iso"\n}\nbuild {\n sources = ["qemu.a"]\n}\n'
    write(tmp_path, {"t.pkr.hcl": text})
    with (tmp_path / "big.iso").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    before = of(tmp_path)["qemu.a"]
    assert before["`big.iso`"].startswith(f"{17 * 1024 * 1024} bytes of ")
    os.utime(tmp_path / "big.iso", (1, 1))
    assert flipped(before, of(tmp_path)["qemu.a"]) == {"`big.iso`"}


def test_what_another_image_makes_is_no_ingredient(tmp_path: Path) -> None:
    text = """
    source "file" "a" {
      target  = "out/a.txt"
      content = "a"
    }
    source "null" "b" {
      communicator = "none"
    }
    build {
      sources = ["file.a", "null.b"]
      provisioner "shell-local" {
        inline = ["cat out/a.txt notes.txt"]
      }
    }
    """
    write(tmp_path, {"t.pkr.hcl": text, "out/a.txt": "a", "notes.txt": "n"})
    every = images(tmp_path)
    found = Recipes(every.values()).of(every["null.b"])
    assert "`notes.txt`" in found.ingredients
    assert "`out/a.txt`" not in found.ingredients
    assert found.made == {"`notes.txt`"}


def test_links_are_followed_within_the_root_and_refused_beyond(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"outside/x": "x", "root/real/role.yml": "r\n", "root/t.pkr.hcl": UPLOAD, "root/tree/a": "a"},
    )
    (tmp_path / "root/tree/inner").symlink_to("../real")
    (tmp_path / "root/tree/again").symlink_to(".")
    [image] = images(tmp_path / "root").values()
    assert "`tree/inner/role.yml`" in ingredients(image)
    assert unsure(image) is None
    (tmp_path / "root/tree/out").symlink_to("../../outside")
    [image] = images(tmp_path / "root").values()
    assert unsure(image) == "it depends on `tree/out`, which cannot be read"


UPLOAD = """
source "docker" "a" {
  image  = "debian"
  commit = true
}
build {
  sources = ["docker.a"]
  provisioner "file" {
    source      = "tree"
    destination = "/"
  }
}
"""


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("timestamp()", None),
        ('"${uuidv4()}-x"', None),
        ("local.found", "it depends on `data.http.x`, which only a run knows"),
        ('"${timestamp()}-${data.http.x.body}"', "it depends on `data.http.x`, which only a run knows"),
        ("data.null.y.output", None),
        ("var.home", "it depends on the environment variable `HOME_OF_X`"),
        ("var.needed", "it depends on `var.needed`, which has no value"),
        ('file("/etc/hostname")', "it depends on a file outside of the checked root"),
        ('"${timestamp()}-${file("here.txt")}"', None),
        ('vault("a", "b")', "it depends on Vault"),
    ],
)
def test_what_the_templates_do_not_tell_makes_unsure(tmp_path: Path, value: str, says: str | None) -> None:
    text = f"""
    variable "home" {{
      default = env("HOME_OF_X")
    }}
    variable "needed" {{}}
    data "http" "x" {{
      url = "https://example.org"
    }}
    data "null" "y" {{
      input = "y"
    }}
    locals {{
      found = "${{data.http.x.body}}!"
    }}
    source "file" "a" {{
      target  = "out"
      content = {value}
    }}
    build {{
      sources = ["file.a"]
    }}
    """
    write(tmp_path, {"t.pkr.hcl": text, "here.txt": "here"})
    [image] = images(tmp_path).values()
    assert unsure(image) == says


def test_a_build_that_speaks_of_itself_is_sure(tmp_path: Path) -> None:
    text = UPLOAD.replace('"/"', '"/${build.ID}-${source.name}"')
    [image] = images(write(tmp_path, {"t.pkr.hcl": text, "tree/a": "a"})).values()
    assert unsure(image) is None


def test_a_file_that_a_function_reads_counts_though_the_value_is_unknown(tmp_path: Path) -> None:
    text = UPLOAD.replace('"/"', '"/${timestamp()}-${file("${path.root}/here.txt")}"')
    write(tmp_path, {"t.pkr.hcl": text, "tree/a": "a", "here.txt": "here"})
    before = of(tmp_path)["docker.a"]
    write(tmp_path, {"here.txt": "there"})
    assert flipped(before, of(tmp_path)["docker.a"]) == {"`here.txt`"}


def test_cycles_and_long_chains_end(tmp_path: Path) -> None:
    chain = "".join(f"l{n} = local.l{n + 1}\n" for n in range(3000))
    text = f"""
    locals {{
      a = local.b
      b = local.a
      {chain}
      l3000 = timestamp()
    }}
    data "http" "p" {{
      url = data.http.q.body
    }}
    data "http" "q" {{
      url = data.http.p.body
    }}
    source "file" "a" {{
      target  = local.a
      content = "${{local.l0}}${{data.http.p.body}}"
    }}
    build {{
      sources = ["file.a"]
    }}
    """
    [image] = images(write(tmp_path, {"t.pkr.hcl": text})).values()
    assert QEMU.replace("qemu.debian", "file.a") in ingredients(image)


SECRET = """
variable "declared" {
  default   = "hunter2"
  sensitive = true
}
variable "db_password" {
  default = "opensesame"
}
locals {
  line = "echo ${var.db_password}"
}
source "docker" "a" {
  image          = "debian"
  commit         = true
  login_password = "literally"
}
build {
  sources = ["docker.a"]
  provisioner "shell" {
    inline = ["echo ${var.declared}", local.line]
  }
  provisioner "shell" {
    environment_vars = ["API_TOKEN=token-1"]
    inline           = ["echo ${sha1(var.db_password)}"]
  }
  provisioner "shell" {
    inline = ["echo hunters"]
  }
}
"""


def test_every_secret_is_sealed_once_and_nothing_else(tmp_path: Path) -> None:
    sealed: list[str] = []

    def seal(text: str) -> bytes:
        sealed.append(text)
        return text.encode()

    [image] = images(write(tmp_path, {"t.pkr.hcl": SECRET})).values()
    ingredients(image, seal)
    assert sorted(sealed) == ["hunter2", "literally", "opensesame", "token-1"]


def test_the_seal_is_in_whatever_has_the_secret(tmp_path: Path) -> None:
    [image] = images(write(tmp_path, {"t.pkr.hcl": SECRET})).values()
    one, other = (ingredients(image, lambda text, salt=salt: salt + text.encode()) for salt in (b"1", b"2"))
    assert flipped(one, other) == {
        *("the arguments of `docker.a`", "`shell` provisioner 1", "`shell` provisioner 2"),
    }


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_the_same_for_two_readings_and_in_another_folder(tmp_path: Path) -> None:
    seen = 0
    for number, repository in enumerate(sorted(CORPUS.iterdir())):
        if not repository.is_dir() or number % 3:
            continue
        first = {name: ingredients(image) for name, image in images(repository).items()}
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(repository, copy, symlinks=True)
        second = {name: ingredients(image) for name, image in images(copy).items()}
        assert first == second, repository.name
        assert first == {name: ingredients(image) for name, image in images(repository).items()}
        seen += len(first)
    assert seen > 100
