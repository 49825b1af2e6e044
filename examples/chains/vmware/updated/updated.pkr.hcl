# The base with this month's updates: hours, which the images below it do not spend again.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vmware = {
      source  = "github.com/vmware/vmware"
      version = "~> 2.0"
    }
    windows-update = {
      source  = "github.com/rgl/windows-update"
      version = "~> 0.16"
    }
  }
}

variable "winrm_password" {
  type        = string
  description = "Password of the user `packer`, which the answer file makes."
  sensitive   = true
}

source "vmware-vmx" "updated" {
  source_path      = "${path.root}/../output/base/base.vmx"
  headless         = true
  vm_name          = "updated"
  output_directory = "${path.root}/../output/updated"
  communicator     = "winrm"
  winrm_username   = "packer"
  winrm_password   = var.winrm_password
  winrm_use_ssl    = true
  winrm_insecure   = true
  winrm_timeout    = "30m"
  shutdown_command = "shutdown /s /t 5 /f"
  shutdown_timeout = "15m"
}

build {
  sources = ["source.vmware-vmx.updated"]

  provisioner "windows-update" {
    search_criteria = "IsInstalled=0"
    filters         = ["exclude:$_.Title -like '*Preview*'", "include:$true"]
    update_limit    = 25
  }

  provisioner "windows-restart" {
    restart_timeout = "30m"
  }
}
