# Images start only from approved images, registries, hosts and publishers.
#
# Each list is about one kind of base image; what has an empty list is not looked at.

param "ami_owners" {
  type        = list(string)
  default     = []
  description = "Owners of AMIs: account numbers, or `amazon`, `aws-marketplace` and `self`."
}

param "docker_images" {
  type        = list(string)
  default     = []
  description = "Registries, folders of them or images, as in `registry.example.com`, `docker.io/library`, `quay.io/centos/centos`, `debian`."
}

param "iso_hosts" {
  type        = list(string)
  default     = []
  description = "Hosts that ISO images are downloaded from; `*.example.com` stands for all below `example.com`."
}

param "azure_publishers" {
  type        = list(string)
  default     = []
  description = "Publishers of images of the Azure marketplace."
}

param "google_projects" {
  type        = list(string)
  default     = []
  description = "Projects that images of Google Compute Engine are taken from."
}

param "vm_templates" {
  type        = list(string)
  default     = []
  description = "Templates of Proxmox and vSphere that are cloned, with the folder where a source names one; `base-*` stands for all that begin so."
}

locals {
  # An image of Docker that names no registry is one of docker.io.
  docker_images = [for it in param.docker_images :
    "${can(regex("^(localhost|[^/]*[.:])", split("/", it)[0])) ? "" : strcontains(it, "/") ? "docker.io/" : "docker.io/library/"}${trimsuffix(it, "/")}"
  ]
}

policy "approved-ami-owners" {
  description   = "Filters for a base AMI admit approved owners only.\n\nAn AMI that is named by its id is not looked at."
  severity      = "error"
  target        = source
  when          = length(param.ami_owners) > 0 && length(self.source_ami_filter) > 0
  condition     = alltrue([for it in self.source_ami_filter : length(it.owners[*]) > 0 && length([for key in it.owners[*] : key if !contains(param.ami_owners, key)]) == 0])
  error_message = "The base AMI of `${self.type}` `${self.name}` may have an owner that is not approved; set `owners` to some of ${join(", ", param.ami_owners)}."
  at            = self.source_ami_filter
}

test "approved-ami-owners" {
  params   = { ami_owners = ["099720109477", "self"] }
  template = <<-EOT
    source "amazon-ebs" "a" {
      source_ami_filter {
        filters = { name = "debian-12-*" }
        owners  = ["099720109477", "136693071363"]
      }
    }
    source "amazon-ebs" "b" {
      source_ami_filter {
        filters = { name = "debian-12-*" }
      }
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b"] }
  EOT
  finds    = ["The base AMI of `amazon-ebs` `a` may have an owner that is not approved", "The base AMI of `amazon-ebs` `b`"]
}

test "approved-ami-owners" {
  params   = { ami_owners = ["099720109477", "self"] }
  template = <<-EOT
    variable "owner" { type = string }
    source "amazon-ebs" "a" {
      source_ami_filter { owners = ["self"] }
    }
    source "amazon-ebs" "b" {
      source_ami_filter { owners = [var.owner] }
    }
    source "amazon-ebs" "c" { source_ami = "ami-12345678" }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c"] }
  EOT
}

policy "approved-ami-data-owners" {
  description   = "AMIs are looked up among those of approved owners only."
  severity      = "error"
  target        = data
  when          = length(param.ami_owners) > 0 && self.type == "amazon-ami"
  condition     = length(self.owners[*]) > 0 && length([for key in self.owners[*] : key if !contains(param.ami_owners, key)]) == 0
  error_message = "The AMI that `${self.name}` looks up may have an owner that is not approved; set `owners` to some of ${join(", ", param.ami_owners)}."
  at            = self.owners
}

test "approved-ami-data-owners" {
  params   = { ami_owners = ["self"] }
  template = <<-EOT
    data "amazon-ami" "a" {
      filters = { name = "debian-12-*" }
      owners  = ["amazon"]
    }
    data "amazon-ami" "b" {
      filters = { name = "debian-12-*" }
    }
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
  finds    = ["3: The AMI that `a` looks up may have an owner that is not approved; set `owners` to some of self.", "5: The AMI that `b`"]
}

test "approved-ami-data-owners" {
  params   = { ami_owners = ["self", "amazon"] }
  template = <<-EOT
    data "amazon-ami" "a" { owners = ["amazon"] }
    data "http" "b" { url = "https://example.com" }
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
}

policy "approved-docker-images" {
  description   = "Containers start from images of approved registries.\n\nAn image without a registry is one of docker.io, and one without a folder is in `docker.io/library`."
  severity      = "error"
  target        = source
  when          = length(param.docker_images) > 0 && self.type == "docker"
  condition = alltrue([for image in [for it in compact(self.image[*]) : regex_replace(it, "^(index\\.)?docker\\.io/", "")] :
    anytrue([for it in local.docker_images : anytrue([for end in ["/", ":", "@"] :
      startswith("${can(regex("^(localhost|[^/]*[.:][^/]*)/", image)) ? "" : strcontains(image, "/") ? "docker.io/" : "docker.io/library/"}${image}${end}", "${it}${end}")
    ])])
  ])
  error_message = "The image `${self.image}` is not approved; use one of ${join(", ", param.docker_images)}."
  at            = self.image
  benchmarks    = ["CIS Docker Benchmark v1.3.1, 4.2"]
}

test "approved-docker-images" {
  params   = { docker_images = ["registry.example.com", "docker.io/library", "quay.io/centos/centos"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "someone/debian:12"
      commit = true
    }
    source "docker" "b" {
      image  = "quay.io/centos/centos-other"
      commit = true
    }
    source "docker" "c" {
      image  = "registry.example.com.evil.example/debian"
      commit = true
    }
    build { sources = ["source.docker.a", "source.docker.b", "source.docker.c"] }
  EOT
  finds = [
    "2: The image `someone/debian:12` is not approved; use one of registry.example.com, docker.io/library",
    "6: The image `quay.io/centos/centos-other` is not approved",
    "10: The image `registry.example.com.evil.example/debian` is not approved",
  ]
}

test "approved-docker-images" {
  params   = { docker_images = ["registry.example.com:5000/", "docker.io/library", "quay.io/centos/centos"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "debian@sha256:0000"
      commit = true
    }
    source "docker" "b" {
      image  = "quay.io/centos/centos:stream9"
      commit = true
    }
    source "docker" "c" {
      image  = "registry.example.com:5000/team/debian"
      commit = true
    }
    source "docker" "d" {
      commit = true
      build { path = "Dockerfile" }
    }
    source "docker" "e" {
      image  = "docker.io/debian"
      commit = true
    }
    source "docker" "f" {
      image  = "index.docker.io/library/debian:12"
      commit = true
    }
    build { sources = ["source.docker.a", "source.docker.b", "source.docker.c", "source.docker.d", "source.docker.e", "source.docker.f"] }
  EOT
}

test "approved-docker-images" {
  params   = { docker_images = ["debian", "example/app"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "docker.io/library/debian:12"
      commit = true
    }
    source "docker" "b" {
      image  = "example/app@sha256:0000"
      commit = true
    }
    source "docker" "c" {
      image  = "ubuntu"
      commit = true
    }
    build { sources = ["source.docker.a", "source.docker.b", "source.docker.c"] }
  EOT
  finds    = ["10: The image `ubuntu` is not approved"]
}

policy "approved-iso-hosts" {
  description   = "ISO images are downloaded from approved hosts.\n\nFiles on the machine that builds, and on the hypervisor, are not looked at."
  severity      = "error"
  target        = source
  when          = length(param.iso_hosts) > 0
  condition = alltrue([for urls in [self.iso_url, self.iso_urls, flatten([for it in concat(self.boot_iso[*], self.additional_iso_files[*]) : [it.iso_url[*], it.iso_urls[*]]])] : alltrue([
    for url in urls[*] :
    !strcontains(url, "://") || startswith(lower(url), "file:") || anytrue([for host in [split(":", reverse(split("@", split("/", split("://", lower(url))[1])[0]))[0])[0]] :
      host == "" || anytrue([for it in param.iso_hosts : host == lower(it) || startswith(it, "*.") && endswith(host, lower(trimprefix(it, "*")))])
    ])
  ])])
  error_message = "An ISO image of `${self.type}` `${self.name}` comes from a host that is not approved; take it from ${join(", ", param.iso_hosts)}."
}

test "approved-iso-hosts" {
  params   = { iso_hosts = ["releases.ubuntu.com", "*.debian.org"] }
  template = <<-EOT
    source "qemu" "a" { iso_url = "https://mirror.example.com/debian.iso" }
    variable "further" { type = list(string) }
    source "qemu" "e" {
      iso_url  = "https://mirror.example.com/debian.iso"
      iso_urls = var.further
    }
    source "virtualbox-iso" "b" { iso_urls = ["debian.iso", "http://debian.org/debian.iso"] }
    source "proxmox-iso" "c" {
      boot_iso { iso_url = "https://releases.ubuntu.com.example.com/debian.iso" }
    }
    source "proxmox-iso" "d" {
      boot_iso { iso_file = "local:iso/debian.iso" }
      additional_iso_files { iso_url = "https://drivers.example.com/drivers.iso" }
    }
    build { sources = ["source.qemu.a", "source.virtualbox-iso.b", "source.proxmox-iso.c", "source.proxmox-iso.d", "source.qemu.e"] }
  EOT
  finds = [
    "1: An ISO image of `qemu` `a` comes from a host that is not approved; take it from releases.ubuntu.com, *.debian.org.",
    "3: An ISO image of `qemu` `e`",
    "7: An ISO image of `virtualbox-iso` `b`",
    "8: An ISO image of `proxmox-iso` `c`",
    "11: An ISO image of `proxmox-iso` `d`",
  ]
}

test "approved-iso-hosts" {
  params   = { iso_hosts = ["releases.ubuntu.com", "*.debian.org"] }
  template = <<-EOT
    variable "mirror" { type = string }
    source "qemu" "a" { iso_url = "https://Releases.Ubuntu.com:443/24.04/ubuntu.iso" }
    source "virtualbox-iso" "b" { iso_urls = ["debian.iso", "http://cdimage.debian.org/debian.iso"] }
    source "proxmox-iso" "c" {
      boot_iso { iso_file = "local:iso/debian.iso" }
    }
    source "qemu" "d" { iso_url = "$${var.mirror}/debian.iso" }
    source "qemu" "f" { iso_urls = ["file:///srv/debian.iso", "file://C:/srv/debian.iso", "FILE://srv/debian.iso"] }
    source "amazon-ebs" "e" {}
    build { sources = ["source.qemu.a", "source.virtualbox-iso.b", "source.proxmox-iso.c", "source.qemu.d", "source.amazon-ebs.e", "source.qemu.f"] }
  EOT
}

policy "approved-azure-publishers" {
  description   = "Images of the Azure marketplace are those of approved publishers."
  severity      = "error"
  target        = source
  when          = length(param.azure_publishers) > 0
  condition     = alltrue([for it in compact(self.image_publisher[*]) : contains([for known in param.azure_publishers : lower(known)], lower(it))])
  error_message = "The publisher `${self.image_publisher}` is not approved; take an image of ${join(", ", param.azure_publishers)}."
  at            = self.image_publisher
}

test "approved-azure-publishers" {
  params   = { azure_publishers = ["Canonical"] }
  template = <<-EOT
    source "azure-arm" "a" { image_publisher = "Debian" }
    build { sources = ["source.azure-arm.a"] }
  EOT
  finds    = ["1: The publisher `Debian` is not approved; take an image of Canonical."]
}

test "approved-azure-publishers" {
  params   = { azure_publishers = ["Canonical"] }
  template = <<-EOT
    source "azure-arm" "a" { image_publisher = "canonical" }
    source "azure-arm" "b" { custom_managed_image_name = "base" }
    build { sources = ["source.azure-arm.a", "source.azure-arm.b"] }
  EOT
}

policy "approved-google-projects" {
  description   = "Images of Google Compute Engine are taken from approved projects.\n\nWithout `source_image_project_id` the project of the build and many public ones are searched."
  severity      = "error"
  target        = source
  when          = length(param.google_projects) > 0 && self.type == "googlecompute"
  condition     = length(self.source_image_project_id[*]) > 0 && length([for key in self.source_image_project_id[*] : key if !contains(param.google_projects, key)]) == 0
  error_message = "The base image of `${self.name}` may come from a project that is not approved; set `source_image_project_id` to some of ${join(", ", param.google_projects)}."
  at            = self.source_image_project_id
}

test "approved-google-projects" {
  params   = { google_projects = ["debian-cloud"] }
  template = <<-EOT
    source "googlecompute" "a" {
      source_image_family     = "centos-stream-9"
      source_image_project_id = ["centos-cloud"]
    }
    source "googlecompute" "b" { source_image_family = "debian-12" }
    build { sources = ["source.googlecompute.a", "source.googlecompute.b"] }
  EOT
  finds    = ["3: The base image of `a` may come from a project that is not approved; set `source_image_project_id` to some of debian-cloud.", "5: The base image of `b`"]
}

test "approved-google-projects" {
  params   = { google_projects = ["debian-cloud"] }
  template = <<-EOT
    source "googlecompute" "a" {
      source_image_family     = "debian-12"
      source_image_project_id = ["debian-cloud"]
    }
    build { sources = ["source.googlecompute.a"] }
  EOT
}

policy "approved-vm-templates" {
  description   = "Approved templates of Proxmox and vSphere are cloned."
  severity      = "error"
  target        = source
  when          = length(param.vm_templates) > 0 && contains(["proxmox-clone", "vsphere-clone"], self.type)
  condition = alltrue([for name in compact(self.type == "proxmox-clone" ? self.clone_vm[*] : self.template[*]) :
    anytrue([for it in param.vm_templates : name == it || endswith(it, "*") && startswith(name, trimsuffix(it, "*"))])
  ])
  error_message = "`${self.type}` `${self.name}` clones a template that is not approved; use one of ${join(", ", param.vm_templates)}."
}

test "approved-vm-templates" {
  params   = { vm_templates = ["base-*"] }
  template = <<-EOT
    source "proxmox-clone" "a" { clone_vm = "mine" }
    source "vsphere-clone" "b" { template = "old-base-12" }
    build { sources = ["source.proxmox-clone.a", "source.vsphere-clone.b"] }
  EOT
  finds    = ["1: `proxmox-clone` `a` clones a template that is not approved; use one of base-*.", "2: `vsphere-clone` `b`"]
}

test "approved-vm-templates" {
  params   = { vm_templates = ["base-*"] }
  template = <<-EOT
    source "proxmox-clone" "a" { clone_vm_id = 100 }
    source "vsphere-clone" "b" { template = "base-12" }
    build { sources = ["source.proxmox-clone.a", "source.vsphere-clone.b"] }
  EOT
}
