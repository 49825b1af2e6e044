# The desktop of the office: what people work with.

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

source "vmware-vmx" "desktop" {
  source_path      = "${path.root}/../output/updated/updated.vmx"
  headless         = true
  vm_name          = "desktop"
  output_directory = "${path.root}/../output/desktop"
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
  sources = ["source.vmware-vmx.desktop"]

  provisioner "powershell" {
    script = "${path.root}/scripts/programs.ps1"
  }
}
