# The terminal server: the role for remote sessions.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vmware = {
      source  = "github.com/vmware/vmware"
      version = "~> 2.0"
    }
  }
}

variable "winrm_password" {
  type        = string
  description = "Password of the user `packer`, which the answer file makes."
  sensitive   = true
}

source "vmware-vmx" "terminal" {
  source_path      = "${path.root}/../output/updated/updated.vmx"
  headless         = true
  vm_name          = "terminal"
  output_directory = "${path.root}/../output/terminal"
  communicator     = "winrm"
  winrm_username   = "packer"
  winrm_password   = var.winrm_password
  winrm_use_ssl    = true
  winrm_insecure   = true
  winrm_timeout    = "30m"
  shutdown_command = "C:\\Windows\\System32\\Sysprep\\sysprep.exe /generalize /oobe /shutdown /quiet"
  shutdown_timeout = "15m"
}

build {
  sources = ["source.vmware-vmx.terminal"]

  provisioner "powershell" {
    script = "${path.root}/scripts/sessions.ps1"
  }

  provisioner "windows-restart" {
    restart_timeout = "15m"
  }
}
