# Ubuntu Server, which installs itself (autoinstall), as the template of all others.

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

source "proxmox-iso" "base" {
  node                 = var.node
  template_name        = "ubuntu-base"
  template_description = "Ubuntu 24.04, updated"
  vm_name              = "ubuntu-base"
  os                   = "l26"
  cpu_type             = "host"
  cores                = 2
  memory               = 4096
  scsi_controller      = "virtio-scsi-single"
  qemu_agent           = true
  http_directory       = "${path.root}/http"
  boot_wait            = "10s"
  boot_command         = ["c<wait>linux /casper/vmlinuz autoinstall ds='nocloud-net;s=http://{{ .HTTPIP }}:{{ .HTTPPort }}/' ---<enter>", "initrd /casper/initrd<enter>boot<enter>"]
  ssh_username         = "packer"
  ssh_private_key_file = var.ssh_private_key_file
  ssh_timeout          = "40m"

  boot_iso {
    iso_file = "local:iso/ubuntu-24.04-live-server-amd64.iso"
    unmount  = true
  }

  disks {
    type         = "scsi"
    storage_pool = "local-lvm"
    disk_size    = "20G"
    discard      = true
    ssd          = true
  }

  network_adapters {
    model  = "virtio"
    bridge = "vmbr0"
  }
}

build {
  sources = ["source.proxmox-iso.base"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/update.sh",
      "${path.root}/scripts/generalise.sh",
    ]
  }
}
