"""Who starts from whose artifact, by the names that both sides give it."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.chain.missing import trade, unmet
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse

PAIRS = {
    "virtualbox": (
        'source "virtualbox-iso" "base" {\n  output_directory = "out"\n  vm_name = "base"\n}',
        'source "virtualbox-ovf" "web" {\n  source_path = "./out/base.ovf"\n}',
    ),
    "virtualbox, by default": (
        'source "virtualbox-iso" "base" {}',
        'source "virtualbox-ovf" "web" {\n  source_path = "output-base/packer-base.ova"\n}',
    ),
    "vmware, from the template's own directory": (
        'source "vmware-iso" "base" {\n  output_directory = "out"\n  vm_name = "base"\n}',
        'source "vmware-vmx" "web" {\n  source_path = "../base/out/base.vmx"\n}',
    ),
    "vmware, from the template's own directory and from the root": (
        'source "vmware-iso" "base" {\n  output_directory = "out"\n  vm_name = "base"\n}',
        'source "vmware-vmx" "web" {\n  source_path = "base/out/base.vmx"\n}',
    ),
    "vmware, from the root and from the template's own directory": (
        'source "vmware-iso" "base" {\n  output_directory = "images/out"\n  vm_name = "base"\n}',
        'source "vmware-vmx" "web" {\n  source_path = "../images/out/base.vmx"\n}',
    ),
    "qemu": (
        'source "qemu" "base" {\n  vm_name = "base.qcow2"\n}',
        'source "qemu" "web" {\n  disk_image = true\n  iso_urls = ["output-base/base.qcow2"]\n}',
    ),
    "proxmox": (
        'source "proxmox-iso" "base" {\n  template_name = "debian"\n}',
        'source "proxmox-clone" "web" {\n  clone_vm = "debian"\n}',
    ),
    "proxmox, by number": (
        'source "proxmox-iso" "base" {\n  vm_id = 900\n}',
        'source "proxmox-clone" "web" {\n  clone_vm_id = "900"\n}',
    ),
    "vsphere": (
        'source "vsphere-iso" "base" {\n  vm_name = "debian"\n  folder = "templates"\n}',
        'source "vsphere-clone" "web" {\n  template = "templates/debian"\n}',
    ),
    "amazon": (
        'source "amazon-ebs" "base" {\n  ami_name = "base-2024"\n}',
        'source "amazon-ebs" "web" {\n  source_ami_filter {\n    filters = { name = "base-*" }\n  }\n}',
    ),
    "docker": (
        """
        source "docker" "base" {
          image  = "debian:12"
          commit = true
        }
        build {
          sources = ["docker.base"]
          post-processor "docker-tag" {
            repository = "acme/base"
            tags       = ["1"]
          }
        }
        """,
        'source "docker" "web" {\n  image = "acme/base:1"\n}',
    ),
    "azure, by a gallery": (
        """
        source "azure-arm" "base" {
          shared_image_gallery_destination {
            gallery_name = "images"
            image_name   = "base"
          }
        }
        """,
        """
        source "azure-arm" "web" {
          shared_image_gallery {
            gallery_name = "images"
            image_name   = "base"
          }
        }
        """,
    ),
    "anka": (
        'source "veertu-anka-vm-create" "base" {\n  vm_name = "macos"\n}',
        'source "veertu-anka-vm-clone" "web" {\n  source_vm_name = "macos"\n}',
    ),
    "tart": (
        'source "tart-cli" "base" {\n  vm_name = "macos"\n}',
        'source "tart-cli" "web" {\n  vm_base_name = "macos"\n}',
    ),
    "googlecompute": (
        'source "googlecompute" "base" {\n  image_family = "debian"\n}',
        'source "googlecompute" "web" {\n  source_image_family = "debian"\n}',
    ),
    "hyperv": (
        'source "hyperv-iso" "base" {}',
        'source "hyperv-vmcx" "web" {\n  clone_from_vmcx_path = "output-base"\n}',
    ),
    "parallels": (
        'source "parallels-iso" "base" {}',
        'source "parallels-pvm" "web" {\n  source_path = "output-base/packer-base.pvm"\n}',
    ),
    "vagrant": (
        'source "vagrant" "base" {}',
        'source "vagrant" "web" {\n  source_path = "output-base/package.box"\n}',
    ),
    "utm": (
        'source "utm-iso" "base" {}',
        'source "utm-utm" "web" {\n  source_path = "output-base/packer-base.utm"\n}',
    ),
    "an argument that the build adds": (
        'source "qemu" "base" {}',
        """
        source "qemu" "web" {}
        build {
          source "qemu.web" {
            iso_url = "output-base/packer-base"
          }
        }
        """,
    ),
    "file": (
        'source "file" "base" {\n  content = "x"\n  target = "out/base.txt"\n}',
        'source "file" "web" {\n  source = "./out/base.txt"\n  target = "out/web.txt"\n}',
    ),
    "a box of a machine, by its default name": (
        """
        source "virtualbox-iso" "base" {}
        build {
          sources = ["virtualbox-iso.base"]
          post-processor "vagrant" {}
        }
        """,
        'source "vagrant" "web" {\n  source_path = "packer_base_virtualbox.box"\n}',
    ),
    "a box of a machine of QEMU, by the name it is given": (
        """
        source "qemu" "base" {}
        build {
          sources = ["qemu.base"]
          post-processor "vagrant" {
            output = "boxes/{{ .BuildName }}-{{.Provider}}.box"
          }
        }
        """,
        'source "vagrant" "web" {\n  source_path = "boxes/base-libvirt.box"\n}',
    ),
    "amazon, by a data source": (
        'source "amazon-ebs" "base" {\n  ami_name = "base-{{timestamp}}"\n}',
        """
        data "amazon-ami" "base" {
          filters = { name = "base-*" }
          owners  = ["self"]
        }
        source "amazon-ebs" "web" {
          source_ami = data.amazon-ami.base.id
        }
        build {
          sources = ["amazon-ebs.web"]
        }
        """,
    ),
    "amazon, by a data source behind a local, and a name of which a part is known": (
        """
        variable "team" {
          default = "acme"
        }
        locals {
          now  = timestamp()
          name = "${var.team}-base-${local.now}"
        }
        source "amazon-ebs" "base" {
          ami_name = local.name
        }
        build {
          sources = ["amazon-ebs.base"]
        }
        """,
        """
        data "amazon-ami" "base" {
          filters = { name = "acme-base-*" }
        }
        locals {
          ami = "${data.amazon-ami.base.id}"
        }
        source "amazon-ebs" "web" {
          source_ami = local.ami
        }
        build {
          sources = ["amazon-ebs.web"]
        }
        """,
    ),
    "an image that is imported": (
        """
        source "qemu" "base" {}
        build {
          sources = ["qemu.base"]
          post-processor "amazon-import" {
            ami_name = "base"
          }
        }
        """,
        'source "amazon-ebs" "web" {\n  source_ami_filter {\n    filters = { name = "base" }\n  }\n}',
    ),
    "docker, without a tag": (
        """
        source "docker" "base" {
          image       = "debian:12"
          export_path = "base.tar"
        }
        build {
          sources = ["docker.base"]
          post-processor "docker-import" {
            repository = "acme/base"
          }
        }
        """,
        'source "docker" "web" {\n  image = "acme/base:latest"\n}',
    ),
    "vsphere, by a data source": (
        'source "vsphere-iso" "base" {\n  vm_name = "debian"\n}',
        """
        data "vsphere-virtualmachine" "base" {
          name = "debian"
        }
        source "vsphere-clone" "web" {
          template = data.vsphere-virtualmachine.base.vm_name
        }
        build {
          sources = ["vsphere-clone.web"]
        }
        """,
    ),
    "digitalocean, by a data source": (
        'source "digitalocean" "base" {\n  snapshot_name = "base"\n}',
        """
        data "digitalocean-image" "base" {
          name = "base"
        }
        source "digitalocean" "web" {
          image = data.digitalocean-image.base.image_id
        }
        build {
          sources = ["digitalocean.web"]
        }
        """,
    ),
    "linode, by a data source": (
        'source "linode" "base" {\n  image_label = "base"\n}',
        """
        data "linode-image" "base" {
          label = "base"
        }
        source "linode" "web" {
          image = data.linode-image.base.id
        }
        build {
          sources = ["linode.web"]
        }
        """,
    ),
    "a path that begins with the folder of the template": (
        'source "virtualbox-iso" "base" {\n  vm_name = "debian"\n}',
        """
        source "virtualbox-ovf" "web" {
          source_path = "${path.root}/../base/output-base/debian.ovf"
        }
        """,
    ),
    "yandex": (
        'source "yandex" "base" {\n  folder_id = "f"\n  image_family = "debian"\n}',
        """
        source "yandex" "web" {
          source_image_folder_id = "f"
          source_image_family    = "debian"
        }
        """,
    ),
    "oracle": (
        'source "oracle-oci" "base" {\n  image_name = "debian"\n}',
        'source "oracle-oci" "web" {\n  base_image_filter {\n    display_name = "debian"\n  }\n}',
    ),
    "boards": (
        'source "arm" "base" {\n  image_path = "pi.img"\n}',
        'source "arm" "web" {\n  file_urls = ["pi.img"]\n}',
    ),
    **{
        f"{base}, by its name": (
            f'source "{base}" "base" {{\n  {made} = "debian"\n}}',
            f'source "{base}" "web" {{\n  {named} = "debian"\n}}',
        )
        for base, made, named in (
            ("hcloud", "snapshot_name", "image"),
            ("openstack", "image_name", "source_image_name"),
            ("huaweicloud-ecs", "image_name", "source_image_name"),
            ("ibmcloud-vpc", "image_name", "vsi_base_image_name"),
            ("azure-arm", "managed_image_name", "custom_managed_image_name"),
            ("googlecompute", "image_name", "source_image"),
            ("cloudstack", "template_name", "source_template"),
            ("olvm", "destination_template_name", "source_template_name"),
            ("lxd", "output_image", "image"),
            ("incus", "output_image", "image"),
            ("lume-cli", "vm_name", "vm_base_name"),
            ("arm-image", "output_filename", "iso_url"),
        )
    },
}

NEAR = {
    "file": ("out/base.txt", "base.txt"),
    "a box of a machine, by its default name": ("virtualbox.box", "libvirt.box"),
    "a box of a machine of QEMU, by the name it is given": ("base-libvirt", "base-qemu"),
    "amazon, by a data source": ('"self"', '"amazon"'),
    "amazon, by a data source behind a local, and a name of which a part is known": ("acme-", "ecma-"),
    "an image that is imported": ('"base"', '"base-*"'),
    "docker, without a tag": (":latest", ":1"),
    "vsphere, by a data source": (".vm_name", ".name"),
    "digitalocean, by a data source": ("data.digitalocean-image.base", "data.digitalocean-image.other"),
    "linode, by a data source": ('"base"\n        }', '"bse"\n        }'),
    "a path that begins with the folder of the template": ("../base", "base"),
    "yandex": ('  source_image_folder_id = "f"\n', ""),
    "oracle": ("display_name ", "display_name_search "),
    "boards": ("pi.img", "pj.img"),
    "qemu": ("base.qcow2", "base.raw"),
    "hyperv": ("output-base", "output-web"),
    "parallels": (".pvm", ".pvx"),
    "vagrant": ("package.box", "base.box"),
    "utm": (".utm", ".utn"),
    "anka": ("macos", "macos-13"),
    "tart": ("macos", "macos-13"),
    "vsphere": ("templates/", "other/"),
    "amazon": ("base-*", "bas-*"),
    "docker": (":1", ":2"),
    "azure, by a gallery": ('gallery_name = "images"', 'gallery_name = "image"'),
}
"""What to change of a consumer, so that it starts from something else."""


def configuration(directory: str, text: str) -> Configuration:
    name = f"{directory}/t.pkr.hcl"
    text = cleandoc(text) + "\n"
    if "build {" not in text:
        type_, label = text.split('"')[1], text.split('"')[3]
        text += f'build {{\n  sources = ["{type_}.{label}"]\n}}\n'
    file, diagnostics = parse(Document(name, text))
    assert diagnostics == ()
    (lowered,), _ = lower(Template(directory, (name,), Files(Path.cwd())), [file])
    return evaluate(lowered)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_link_is_seen(pair: str) -> None:
    base, web = (configuration(name, text) for name, text in zip(("base", "web"), PAIRS[pair], strict=True))
    (link,) = links([base, web])
    assert (link.producer.name, link.consumer.name) == ("base", "web")


@pytest.mark.parametrize("pair", NEAR)
def test_what_is_named_otherwise_is_no_link(pair: str) -> None:
    base, web = PAIRS[pair]
    assert NEAR[pair][0] in web
    other = web.replace(*NEAR[pair])
    assert links([configuration("base", base), configuration("web", other)]) == ()


def test_an_image_of_one_region_is_not_found_in_another() -> None:
    base, web = PAIRS["amazon"]
    here = base.replace("{\n", '{\n  region = "eu-west-1"\n', 1)
    there = web.replace("{\n", '{\n  region = "us-east-1"\n', 1)
    assert links([configuration("base", here), configuration("web", there)]) == ()
    copied = here.replace("{\n", '{\n  ami_regions = ["us-east-1"]\n', 1)
    assert len(links([configuration("base", copied), configuration("web", there)])) == 1


def test_what_a_script_may_have_written_is_not_missing() -> None:
    base = 'source "file" "base" {\n  content = "x"\n  target = "output-base/a.txt"\n}'
    web = 'source "file" "web" {\n  source = "output-base/b.txt"\n  target = "c.txt"\n}'
    assert not [*unmet([trade(configuration("base", base)), trade(configuration("web", web))])]


@pytest.mark.parametrize(
    ("base", "web"),
    [
        # Another directory, another name, a name that is not known, another platform.
        (PAIRS["virtualbox"][0], 'source "virtualbox-ovf" "web" {\n  source_path = "other/base.ovf"\n}'),
        (PAIRS["proxmox"][0], 'source "proxmox-clone" "web" {\n  clone_vm = "debian-12"\n}'),
        (
            'source "proxmox-iso" "base" {\n  template_name = "d-${timestamp()}"\n}',
            PAIRS["proxmox"][1],
        ),
        (PAIRS["proxmox"][0], 'source "vsphere-clone" "web" {\n  template = "debian"\n}'),
    ],
)
def test_what_is_not_certain_is_no_link(base: str, web: str) -> None:
    assert links([configuration("base", base), configuration("web", web)]) == ()


@pytest.mark.parametrize("type_", ["virtualbox-ovf", "vmware-vmx", "parallels-pvm"])
def test_a_clone_has_the_time_in_its_own_name(type_: str) -> None:
    suffix = {"virtualbox-ovf": "ovf", "vmware-vmx": "vmx", "parallels-pvm": "pvm"}[type_]
    base = f'source "{type_}" "base" {{}}'
    web = f'source "{type_}" "web" {{\n  source_path = "output-base/packer-base.{suffix}"\n}}'
    assert links([configuration("base", base), configuration("web", web)]) == ()


def test_a_link_tells_whether_one_run_starts_both_and_from_where_paths_count() -> None:
    base, web = PAIRS["virtualbox"]
    (link,) = links([configuration("base", base), configuration("web", web)])
    assert (link.together, link.latest, link.directories) == (False, False, ("", ""))
    (link,) = links(
        [configuration("a", f'{base}\n{web}\nbuild {{\n  sources = ["virtualbox-iso.base"]\n}}\n')]
    )
    assert not link.together  # nothing builds `web`
    both = 'build {\n  sources = ["virtualbox-iso.base", "virtualbox-ovf.web"]\n}\n'
    (link,) = links([configuration("a", f"{base}\n{web}\n{both}")])
    assert link.together
    base, web = PAIRS["vmware, from the template's own directory"]
    (link,) = links([configuration("base", base), configuration("web", web)])
    assert link.directories == ("base", "web")
    (link,) = links([configuration(n, t) for n, t in zip(("base", "web"), PAIRS["amazon"], strict=True)])
    assert link.latest


def test_what_no_build_makes_is_missing_where_it_may_be_told() -> None:
    base = configuration("base", PAIRS["virtualbox"][0])
    web = configuration("web", 'source "virtualbox-ovf" "web" {\n  source_path = "out/bse.ovf"\n}')
    (found,) = unmet([trade(base), trade(web)])
    assert (found.directory, found.name) == ("web", "out/bse.ovf")
    assert {"out/base.ovf", "../base/out/base.ovf"} <= {*found.made}
    vague = configuration(
        "x", 'source "virtualbox-iso" "x" {\n  output_directory = "out"\n  vm_name = var.name\n}'
    )
    assert not [*unmet([trade(base), trade(vague), trade(web)])]


def test_any_of_many_patterns_may_fit() -> None:
    """Each product is compared with the patterns that begin as it does, and not with all."""
    image = 'source "amazon-ebs" "s{0}" {{\n  ami_name = "image-{0}-x"\n{1}}}\n'
    wanted = '  source_ami_filter {{\n    filters = {{ name = "image-{}-*" }}\n  }}\n'
    bases = "".join(image.format(n, "") for n in range(300))
    webs = "".join(image.format(1000 + n, wanted.format(n)) for n in range(300))
    listed = ", ".join(f'"amazon-ebs.s{n}"' for n in range(300))
    found = links([configuration("a", f"{bases}{webs}build {{\n  sources = [{listed}]\n}}\n")])
    assert [(link.producer.name, link.consumer.name) for link in found] == [
        (f"s{n}", f"s{1000 + n}") for n in range(300)
    ]
