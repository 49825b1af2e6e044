# The node that lets the world in: HAProxy besides.

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

source "qemu" "gateway" {
  iso_url              = "${path.root}/../output/node/node.qcow2"
  iso_checksum         = "none" # it was made here
  disk_image           = true
  use_backing_file     = true
  format               = "qcow2"
  accelerator          = "kvm"
  cpus                 = 2
  memory               = 2048
  headless             = true
  vm_name              = "gateway.qcow2"
  output_directory     = "${path.root}/../output/gateway"
  ssh_username         = "packer"
  ssh_private_key_file = var.ssh_private_key_file
  ssh_timeout          = "10m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.qemu.gateway"]

  provisioner "shell" {
    inline = ["cloud-init status --wait"]
  }

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/haproxy.sh"
  }

}
