# Debian from its cloud image, which boots in seconds, with what all machines have in common.

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

source "qemu" "base" {
  iso_url              = "https://cloud.debian.org/images/cloud/bookworm/20240507-1740/debian-12-genericcloud-amd64-20240507-1740.qcow2"
  iso_checksum         = "file:https://cloud.debian.org/images/cloud/bookworm/20240507-1740/SHA512SUMS"
  disk_image           = true
  disk_size            = "10G"
  format               = "qcow2"
  accelerator          = "kvm"
  cpus                 = 2
  memory               = 1024
  headless             = true
  cd_files             = ["${path.root}/seed/user-data", "${path.root}/seed/meta-data"]
  cd_label             = "cidata"
  vm_name              = "base.qcow2"
  output_directory     = "${path.root}/../output/base"
  ssh_username         = "packer"
  ssh_private_key_file = var.ssh_private_key_file
  ssh_timeout          = "10m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.qemu.base"]

  provisioner "shell" {
    inline = ["cloud-init status --wait"]
  }

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/update.sh"
  }
}
