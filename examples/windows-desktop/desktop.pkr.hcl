# A Windows desktop, put together from a template for Ubuntu.

variable "winrm_password" {
  type      = string
  sensitive = true
}

source "virtualbox-iso" "desktop" {
  guest_os_type    = "Ubuntu_64"
  iso_url          = "https://example.com/iso/Windows11_Enterprise_x64.iso"
  iso_checksum     = "none"
  communicator     = "winrm"
  winrm_username   = "packer"
  winrm_password   = var.winrm_pasword
  shutdown_command = "shutdown /s /t 5"
}

source "vmware-iso" "desktop" {
  guest_os_type    = "windows11-64"
  iso_url          = "https://example.com/iso/Windows11_Enterprise_x64.iso"
  iso_checksum     = "none"
  communicator     = "winrm"
  winrm_username   = "packer"
  winrm_password   = var.winrm_password
  shutdown_command = "shutdown /s /t 5"
}

build {
  sources = ["source.virtualbox-iso.desktop", "source.vmware-iso.desktop"]

  provisioner "powershell" {
    only   = ["virtualbox-iso.desktop"]
    inline = ["Install-PackageProvider -Name NuGet -Force"]
  }

  post-processor "docker-tag" {
    only       = ["virtualbox-iso.desktop"]
    repository = "example/desktop"
  }
}
