# Windows Server from its installer, which answers its questions itself, and VMware Tools.

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

source "vmware-iso" "base" {
  guest_os_type        = "windows2019srvnext-64"
  version              = "20"
  iso_url              = "https://example.com/iso/windows_server_2022_x64.iso"
  iso_checksum         = "sha256:3e4fa6d8507b554856fc9ca6079cc402df11a8b79344871669f0251535255325"
  floppy_files         = ["${path.root}/answer/autounattend.xml", "${path.root}/scripts/winrm.ps1"]
  network_adapter_type = "e1000e"
  tools_mode           = "upload"
  tools_upload_flavor  = "windows"
  headless             = true
  cpus                 = 2
  memory               = 4096
  disk_size            = 61440
  vm_name              = "base"
  output_directory     = "${path.root}/../output/base"
  communicator         = "winrm"
  winrm_username       = "packer"
  winrm_password       = var.winrm_password
  winrm_use_ssl        = true
  winrm_insecure       = true
  winrm_timeout        = "2h"
  shutdown_command     = "shutdown /s /t 5 /f"
  shutdown_timeout     = "15m"
}

build {
  sources = ["source.vmware-iso.base"]

  provisioner "powershell" {
    script = "${path.root}/scripts/tools.ps1"
  }
}
