# Rocky Linux from its installer, by kickstart.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vsphere = {
      source  = "github.com/vmware/vsphere"
      version = "~> 2.0"
    }
  }
}

variable "vcenter_server" {
  type = string
}

variable "vcenter_username" {
  type = string
}

variable "vcenter_password" {
  type      = string
  sensitive = true
}

variable "ssh_password" {
  type        = string
  description = "Password of the user `packer`, of which the kickstart file has the hash."
  sensitive   = true
}

source "vsphere-iso" "base" {
  vcenter_server      = var.vcenter_server
  username            = var.vcenter_username
  password            = var.vcenter_password
  datacenter          = "dc1"
  cluster             = "build"
  datastore           = "templates"
  folder              = "templates"
  vm_name             = "rocky-base"
  guest_os_type       = "rockylinux_64Guest"
  CPUs                = 2
  RAM                 = 4096
  iso_paths           = ["[isos] rocky/Rocky-9.4-x86_64-minimal.iso"]
  http_directory      = "${path.root}/http"
  boot_wait           = "5s"
  boot_command        = ["<up>e<wait><down><down><end> inst.text inst.ks=http://{{ .HTTPIP }}:{{ .HTTPPort }}/ks.cfg<leftCtrlOn>x<leftCtrlOff>"]
  ssh_username        = "packer"
  ssh_password        = var.ssh_password
  ssh_timeout         = "40m"
  shutdown_command    = "sudo systemctl poweroff"
  convert_to_template = true

  storage {
    disk_size             = 40960
    disk_thin_provisioned = true
  }

  network_adapters {
    network      = "build"
    network_card = "vmxnet3"
  }
}

build {
  sources = ["source.vsphere-iso.base"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/update.sh",
      "${path.root}/scripts/generalise.sh",
    ]
  }
}
