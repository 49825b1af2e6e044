# A node of the cluster: containerd on the base, and the kernel's settings for it.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "~> 1.1"
    }
  }
}

variable "ssh_private_key_file" {
  type        = string
  description = "The key whose public half the seed lets in."
}

source "qemu" "node" {
  iso_url              = "${path.root}/../output/base/base.qcow2"
  iso_checksum         = "none" # it was made here
  disk_image           = true
  use_backing_file     = true
  format               = "qcow2"
  accelerator          = "kvm"
  cpus                 = 4
  memory               = 4096
  headless             = true
  vm_name              = "node.qcow2"
  output_directory     = "${path.root}/../output/node"
  ssh_username         = "packer"
  ssh_private_key_file = var.ssh_private_key_file
  ssh_timeout          = "10m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.qemu.node"]

  provisioner "shell" {
    inline = ["cloud-init status --wait"]
  }

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/containerd.sh"
  }

  provisioner "file" {
    source      = "${path.root}/files/90-cluster.conf"
    destination = "/tmp/90-cluster.conf"
  }

  provisioner "shell" {
    inline = ["sudo install -m 644 /tmp/90-cluster.conf /etc/sysctl.d/"]
  }
}
