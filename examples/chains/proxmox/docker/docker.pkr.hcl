# Docker on the base.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    proxmox = {
      source  = "github.com/hashicorp/proxmox"
      version = "~> 1.2"
    }
  }
}

# Who may do this is in `PROXMOX_URL`, `PROXMOX_USERNAME` and `PROXMOX_TOKEN`.

variable "node" {
  type        = string
  description = "The node that builds, and keeps the templates."
  default     = "pve1"
}

variable "ssh_private_key_file" {
  type        = string
  description = "The key whose public half the base lets in."
}

source "proxmox-clone" "docker" {
  node                 = var.node
  clone_vm             = "ubuntu-base"
  full_clone           = false
  template_name        = "ubuntu-docker"
  vm_name              = "ubuntu-docker"
  cores                = 2
  memory               = 4096
  scsi_controller      = "virtio-scsi-single"
  qemu_agent           = true
  ssh_username         = "packer"
  ssh_private_key_file = var.ssh_private_key_file
  ssh_timeout          = "10m"

  network_adapters {
    model  = "virtio"
    bridge = "vmbr0"
  }
}

build {
  sources = ["source.proxmox-clone.docker"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/docker.sh",
      "${path.root}/../base/scripts/generalise.sh",
    ]
  }
}
