# The machine that runs jobs of CI, on top of the one with Docker.

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

source "proxmox-clone" "runner" {
  node                 = var.node
  clone_vm             = "ubuntu-docker"
  full_clone           = false
  template_name        = "ubuntu-runner"
  vm_name              = "ubuntu-runner"
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
  sources = ["source.proxmox-clone.runner"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/runner.sh",
      "${path.root}/../base/scripts/generalise.sh",
    ]
  }
}
