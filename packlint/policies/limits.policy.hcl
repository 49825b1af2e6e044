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
  description = "Whether every provisioner has to have a `timeout`, but for those that wait by design."
}

locals {
  # What the letters of a size of QEMU and Proxmox make of it, in GiB.
  units = {
    "k" = 0.00000095367431640625
    "m" = 0.0009765625
    "g" = 1
    "t" = 1024
  }
  # Types whose `disk_size` is a number of MiB.
  megabytes = ["hyperv-iso", "hyperv-vmcx", "parallels-iso", "virtualbox-iso", "vmware-iso", "vmware-vmx", "vsphere-clone"]
  machines = [
    "hyperv-iso", "hyperv-vmcx", "parallels-iso", "parallels-pvm", "proxmox-clone", "proxmox-iso", "qemu", "virtualbox-iso", "virtualbox-ovf",
    "virtualbox-vm", "vmware-iso", "vmware-vmx", "vsphere-clone", "vsphere-iso",
  ]
}

policy "memory-limit" {
  description   = "Virtual machines have no more memory than the limit.\n\nCommands of `vboxmanage` and `prlctl`, and `memsize` in `vmx_data`, are looked at, too."
  target        = source
  when          = param.memory_mb != null && contains(local.machines, self.type)
  condition = alltrue([for size in [self.memory, self.RAM, try(self.vmx_data.memsize, null)] : alltrue([for it in size[*] : it <= param.memory_mb])]) && alltrue(flatten([
    for command in concat(self.vboxmanage[*], self.prlctl[*]) : [
      for it in regexall("--(?:memory|memsize)[ =]([0-9]+)", length(command) > 2 ? join(" ", slice(command, 2, length(command))) : "") : it[0] <= param.memory_mb
    ]
  ]))
  error_message = "`${self.type}` `${self.name}` has more memory than the limit of ${param.memory_mb} MiB; lower it."
}

test "memory-limit" {
  params   = { memory_mb = 4096 }
  template = <<-EOT
    source "qemu" "a" { memory = 8192 }
    source "vsphere-iso" "b" { RAM = 4097 }
    source "virtualbox-ovf" "c" {
      vboxmanage = [["modifyvm", "{{.Name}}", "--audio", "none"], ["modifyvm", "{{.Name}}", "--memory", "8192"]]
    }
    source "vmware-vmx" "d" {
      vmx_data = { memsize = "8192" }
    }
    source "parallels-pvm" "e" {
      prlctl = [["set", "{{.Name}}", "--memsize=8192"]]
    }
    variable "data" { type = map(string) }
    source "vmware-iso" "f" {
      memory   = 8192
      vmx_data = var.data
    }
    build { sources = ["source.qemu.a", "source.vsphere-iso.b", "source.virtualbox-ovf.c", "source.vmware-vmx.d", "source.parallels-pvm.e", "source.vmware-iso.f"] }
  EOT
  finds = [
    "1: `qemu` `a` has more memory than the limit of 4096 MiB; lower it.",
    "2: `vsphere-iso` `b`",
    "3: `virtualbox-ovf` `c`",
    "6: `vmware-vmx` `d`",
    "9: `parallels-pvm` `e`",
    "13: `vmware-iso` `f`",
  ]
}

test "memory-limit" {
  params   = { memory_mb = 4096 }
  template = <<-EOT
    variable "memory" { type = number }
    source "qemu" "a" { memory = "4096" }
    source "qemu" "b" { memory = var.memory }
    source "virtualbox-iso" "c" {}
    source "openbsd-vmm" "d" { memory = "8G" }
    source "virtualbox-iso" "e" {
      vboxmanage = [["modifyvm", "{{.Name}}", "--memory", "4096"], ["modifyvm", "{{.Name}}", "--memory", var.memory], ["list"]]
    }
    source "vmware-iso" "f" {
      vmx_data = { "ethernet0.present" = "TRUE" }
    }
    build { sources = ["source.qemu.a", "source.qemu.b", "source.virtualbox-iso.c", "source.openbsd-vmm.d", "source.virtualbox-iso.e", "source.vmware-iso.f"] }
  EOT
}

policy "cpu-limit" {
  description   = "Virtual machines have no more processors than the limit.\n\nCommands of `vboxmanage` and `prlctl`, and `numvcpus` in `vmx_data`, are looked at, too."
  target        = source
  when          = param.cpus != null && contains(local.machines, self.type)
  condition = startswith(self.type, "proxmox-") ? self.cores * self.sockets <= param.cpus : alltrue([
    for number in [self.cpus, self.CPUs, try(self.vmx_data.numvcpus, null)] : alltrue([for it in number[*] : it <= param.cpus])
    ]) && alltrue(flatten([
    for command in concat(self.vboxmanage[*], self.prlctl[*]) : [
      for it in regexall("--cpus[ =]([0-9]+)", length(command) > 2 ? join(" ", slice(command, 2, length(command))) : "") : it[0] <= param.cpus
    ]
  ]))
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
    source "virtualbox-vm" "d" {
      vboxmanage = [["modifyvm", "{{.Name}}", "--cpus", "8"]]
    }
    source "vmware-vmx" "e" {
      vmx_data = { numvcpus = "8" }
    }
    build { sources = ["source.vmware-iso.a", "source.proxmox-iso.b", "source.vsphere-iso.c", "source.virtualbox-vm.d", "source.vmware-vmx.e"] }
  EOT
  finds = [
    "1: `vmware-iso` `a` has more processors than the limit of 4; lower them.",
    "2: `proxmox-iso` `b`",
    "6: `vsphere-iso` `c`",
    "7: `virtualbox-vm` `d`",
    "10: `vmware-vmx` `e`",
  ]
}

test "cpu-limit" {
  params   = { cpus = 4 }
  template = <<-EOT
    source "vmware-iso" "a" { cpus = 4 }
    source "proxmox-iso" "b" { cores = 4 }
    source "virtualbox-iso" "c" {
      vboxmanage = [["modifyvm", "{{.Name}}", "--cpus", "4"]]
    }
    build { sources = ["source.vmware-iso.a", "source.proxmox-iso.b", "source.virtualbox-iso.c"] }
  EOT
}

policy "disk-limit" {
  description   = "Disks of virtual machines are no larger than the limit."
  target        = source
  when          = param.disk_gb != null
  # Each list for itself: one that is not known does not hide what another shows.
  condition = alltrue([for sizes in [self.disk_size, self.disk_additional_size] : alltrue(concat(
    contains(local.megabytes, self.type) ? [for it in sizes[*] : it / 1024 <= param.disk_gb] : [],
    flatten([for size in self.type == "qemu" ? sizes[*] : [] :
      [for it in regexall("^([0-9.]+)([kmgt])b?$", lower(can(regex("[0-9]$", size)) ? "${size}m" : "${size}")) : it[0] * local.units[it[1]] <= param.disk_gb]
    ]),
    )) ]) && alltrue(concat(
    contains(["vsphere-clone", "vsphere-iso"], self.type) ? [for it in self.storage[*] : it.disk_size / 1024 <= param.disk_gb] : [],
    flatten([for disk in contains(["proxmox-clone", "proxmox-iso"], self.type) ? self.disks[*] : [] :
      [for it in regexall("^([0-9.]+)([kmgt])$", lower(can(regex("[0-9]$", disk.disk_size)) ? "${disk.disk_size}g" : "${disk.disk_size}")) : it[0] * local.units[it[1]] <= param.disk_gb]
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
    source "vmware-iso" "f" { disk_additional_size = [1024, 102400] }
    variable "size" { default = "102400" }
    variable "further" { type = list(string) }
    source "qemu" "h" {
      disk_size            = var.size
      disk_additional_size = var.further
    }
    source "qemu" "g" { disk_additional_size = ["1G", "100G"] }
    build { sources = ["source.qemu.a", "source.virtualbox-iso.b", "source.vsphere-iso.c", "source.proxmox-iso.d", "source.qemu.e", "source.vmware-iso.f", "source.qemu.g", "source.qemu.h"] }
  EOT
  finds = [
    "1: A disk of `qemu` `a` is larger than the limit of 64 GiB; make it smaller.",
    "2: A disk of `virtualbox-iso` `b`",
    "3: A disk of `vsphere-iso` `c`",
    "6: A disk of `proxmox-iso` `d`",
    "12: A disk of `qemu` `e`",
    "13: A disk of `vmware-iso` `f`",
    "20: A disk of `qemu` `g`",
    "16: A disk of `qemu` `h`",
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
  description   = "Provisioners have a time after which they are given up.\n\n`breakpoint` and `sleep` wait by design, and `windows-restart` has a `restart_timeout`: they are not looked at."
  target        = provisioner
  when          = param.timeouts && !contains(["breakpoint", "sleep", "windows-restart"], self.type)
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
      provisioner "windows-restart" {}
      provisioner "breakpoint" {}
    }
  EOT
}
