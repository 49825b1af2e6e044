# Machines that build stay within limits, so that they fit the hosts that run builds.
#
# What has no limit is not looked at. Sizes that a template leaves to the plugin are looked at where the plugin's
# default is known.

param "memory_mb" {
  type        = number
  default     = null
  description = "Most memory of a virtual machine, in MiB."
}

param "cpus" {
  type        = number
  default     = null
  description = "Most processors of a virtual machine."
}

param "disk_gb" {
  type        = number
  default     = null
  description = "Largest disk of a virtual machine, in GiB."
}

param "provisioners" {
  type        = number
  default     = null
  description = "Most provisioners of a build."
}

param "timeouts" {
  type        = bool
  default     = false
  description = "Whether every provisioner has to have a `timeout`."
}

locals {
  # What the letters of a size of QEMU and Proxmox make of it, in GiB.
  units = {
    ""  = 0.0009765625
    "k" = 0.00000095367431640625
    "m" = 0.0009765625
    "g" = 1
    "t" = 1024
  }
  # Types whose `disk_size` is a number of MiB.
  megabytes = ["hyperv-iso", "hyperv-vmcx", "parallels-iso", "virtualbox-iso", "vmware-iso", "vsphere-clone"]
}

policy "memory-limit" {
  description   = "Virtual machines have no more memory than the limit."
  target        = source
  when = param.memory_mb != null && contains([
    "hyperv-iso", "hyperv-vmcx", "parallels-iso", "proxmox-clone", "proxmox-iso", "qemu", "virtualbox-iso", "vmware-iso", "vsphere-clone", "vsphere-iso",
  ], self.type)
  condition     = alltrue([for it in concat(self.memory[*], self.RAM[*]) : it <= param.memory_mb])
  error_message = "`${self.type}` `${self.name}` has more memory than the limit of ${param.memory_mb} MiB; lower it."
}

test "memory-limit" {
  params   = { memory_mb = 4096 }
  template = <<-EOT
    source "qemu" "a" { memory = 8192 }
    source "vsphere-iso" "b" { RAM = 4097 }
    build { sources = ["source.qemu.a", "source.vsphere-iso.b"] }
  EOT
  finds    = ["1: `qemu` `a` has more memory than the limit of 4096 MiB; lower it.", "2: `vsphere-iso` `b`"]
}

test "memory-limit" {
  params   = { memory_mb = 4096 }
  template = <<-EOT
    variable "memory" { type = number }
    source "qemu" "a" { memory = "4096" }
    source "qemu" "b" { memory = var.memory }
    source "virtualbox-iso" "c" {}
    source "openbsd-vmm" "d" { memory = "8G" }
    build { sources = ["source.qemu.a", "source.qemu.b", "source.virtualbox-iso.c", "source.openbsd-vmm.d"] }
  EOT
}

policy "cpu-limit" {
  description   = "Virtual machines have no more processors than the limit."
  target        = source
  when = param.cpus != null && contains([
    "hyperv-iso", "hyperv-vmcx", "parallels-iso", "proxmox-clone", "proxmox-iso", "qemu", "virtualbox-iso", "vmware-iso", "vsphere-clone", "vsphere-iso",
  ], self.type)
  condition     = startswith(self.type, "proxmox-") ? self.cores * self.sockets <= param.cpus : alltrue([for it in concat(self.cpus[*], self.CPUs[*]) : it <= param.cpus])
  error_message = "`${self.type}` `${self.name}` has more processors than the limit of ${param.cpus}; lower them."
}

test "cpu-limit" {
  params   = { cpus = 4 }
  template = <<-EOT
    source "vmware-iso" "a" { cpus = 8 }
    source "proxmox-iso" "b" {
      cores   = 4
      sockets = 2
    }
    source "vsphere-iso" "c" { CPUs = 5 }
    build { sources = ["source.vmware-iso.a", "source.proxmox-iso.b", "source.vsphere-iso.c"] }
  EOT
  finds    = ["1: `vmware-iso` `a` has more processors than the limit of 4; lower them.", "2: `proxmox-iso` `b`", "6: `vsphere-iso` `c`"]
}

test "cpu-limit" {
  params   = { cpus = 4 }
  template = <<-EOT
    source "vmware-iso" "a" { cpus = 4 }
    source "proxmox-iso" "b" { cores = 4 }
    source "virtualbox-iso" "c" {}
    build { sources = ["source.vmware-iso.a", "source.proxmox-iso.b", "source.virtualbox-iso.c"] }
  EOT
}

policy "disk-limit" {
  description   = "Disks of virtual machines are no larger than the limit."
  target        = source
  when          = param.disk_gb != null
  condition = alltrue(concat(
    contains(local.megabytes, self.type) ? [for it in self.disk_size[*] : it / 1024 <= param.disk_gb] : [],
    contains(["vsphere-clone", "vsphere-iso"], self.type) ? [for it in self.storage[*] : it.disk_size / 1024 <= param.disk_gb] : [],
    flatten([for size in self.type == "qemu" ? self.disk_size[*] : [] :
      [for it in regexall("^([0-9.]+)([kmgt]?)b?$", lower("${size}")) : it[0] * local.units[it[1]] <= param.disk_gb]
    ]),
    flatten([for disk in contains(["proxmox-clone", "proxmox-iso"], self.type) ? self.disks[*] : [] :
      [for it in regexall("^([0-9.]+)([kmgt]?)$", lower("${disk.disk_size}")) : it[0] * local.units[it[1] == "" ? "g" : it[1]] <= param.disk_gb]
    ]),
  ))
  error_message = "A disk of `${self.type}` `${self.name}` is larger than the limit of ${param.disk_gb} GiB; make it smaller."
}

test "disk-limit" {
  params   = { disk_gb = 64 }
  template = <<-EOT
    source "qemu" "a" { disk_size = "100G" }
    source "virtualbox-iso" "b" { disk_size = 102400 }
    source "vsphere-iso" "c" {
      storage { disk_size = 102400 }
    }
    source "proxmox-iso" "d" {
      disks {
        disk_size = "1T"
        type      = "scsi"
      }
    }
    source "qemu" "e" { disk_size = "102400" }
    build { sources = ["source.qemu.a", "source.virtualbox-iso.b", "source.vsphere-iso.c", "source.proxmox-iso.d", "source.qemu.e"] }
  EOT
  finds = [
    "1: A disk of `qemu` `a` is larger than the limit of 64 GiB; make it smaller.",
    "2: A disk of `virtualbox-iso` `b`",
    "3: A disk of `vsphere-iso` `c`",
    "6: A disk of `proxmox-iso` `d`",
    "12: A disk of `qemu` `e`",
  ]
}

test "disk-limit" {
  params   = { disk_gb = 64 }
  template = <<-EOT
    source "qemu" "a" { disk_size = "64G" }
    source "virtualbox-iso" "b" {}
    source "vsphere-iso" "c" {
      storage { disk_size = 40960 }
    }
    source "proxmox-iso" "d" {
      disks { type = "scsi" }
    }
    source "qemu" "e" { disk_size = 40960 }
    source "qemu" "f" {}
    source "oracle-oci" "g" { disk_size = 500 }
    build { sources = ["source.qemu.a", "source.virtualbox-iso.b", "source.vsphere-iso.c", "source.proxmox-iso.d", "source.qemu.e", "source.qemu.f", "source.oracle-oci.g"] }
  EOT
}

policy "provisioner-limit" {
  description   = "Builds have no more provisioners than the limit."
  target        = build
  when          = param.provisioners != null
  condition     = length(self.provisioners) <= param.provisioners
  error_message = "The build has ${length(self.provisioners)} provisioners, and the limit is ${param.provisioners}; take some together."
}

test "provisioner-limit" {
  params   = { provisioners = 1 }
  template = <<-EOT
    source "docker" "a" {}
    build {
      sources = ["source.docker.a"]
      provisioner "shell" { inline = ["true"] }
      provisioner "shell" { inline = ["true"] }
    }
  EOT
  finds    = ["2: The build has 2 provisioners, and the limit is 1; take some together."]
}

test "provisioner-limit" {
  params   = { provisioners = 1 }
  template = <<-EOT
    source "docker" "a" {}
    build {
      sources = ["source.docker.a"]
      provisioner "shell" { inline = ["true"] }
    }
  EOT
}

policy "provisioner-timeouts" {
  description   = "Provisioners have a time after which they are given up."
  target        = provisioner
  when          = param.timeouts
  condition     = length(compact(self.timeout[*])) > 0
  error_message = "The provisioner `${self.type}` has no `timeout`; add one, as in `timeout = \"30m\"`."
}

test "provisioner-timeouts" {
  params   = { timeouts = true }
  template = <<-EOT
    source "docker" "a" {}
    build {
      sources = ["source.docker.a"]
      provisioner "shell" { inline = ["true"] }
    }
  EOT
  finds    = ["4: The provisioner `shell` has no `timeout`; add one, as in `timeout = \"30m\"`."]
}

test "provisioner-timeouts" {
  params   = { timeouts = true }
  template = <<-EOT
    source "docker" "a" {}
    build {
      sources = ["source.docker.a"]
      provisioner "shell" {
        inline  = ["true"]
        timeout = "30m"
      }
    }
  EOT
}
