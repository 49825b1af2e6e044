# Names of images, machines, builds, sources and variables follow patterns.
#
# Each parameter is a regular expression that the whole name has to match; what has none is not looked at.

param "images" {
  type        = string
  default     = null
  description = "Names of images in clouds, and of templates of hypervisors."
}

param "machines" {
  type        = string
  default     = null
  description = "Names of virtual machines, `vm_name`."
}

param "builds" {
  type        = string
  default     = null
  description = "Names of builds; a build without a name is not looked at."
}

param "sources" {
  type        = string
  default     = null
  description = "Names of sources; one that only has the name of its type, as in JSON of the old kind, is not looked at."
}

param "variables" {
  type        = string
  default     = null
  description = "Names of variables."
}

policy "image-names" {
  description   = "Names of images and templates match a pattern."
  target        = source
  when          = param.images != null
  condition = alltrue([for it in [
    self.ami_name,
    self.omi_name,
    self.managed_image_name,
    self.type == "vsphere-supervisor" ? self.publish_image_name : self.image_name,
    self.type == "lxc" ? null : self.template_name,
    contains(["digitalocean", "hcloud", "ionoscloud", "profitbricks"], self.type) ? self.snapshot_name : null,
  ] : it == null || it == "" || length(regexall("^(?:${param.images})$", it)) > 0])
  error_message = "The name of the image of `${self.type}` `${self.name}` does not match `${param.images}`; choose one that does."
}

test "image-names" {
  params   = { images = "golden-[a-z0-9-]+" }
  template = <<-EOT
    source "amazon-ebs" "a" { ami_name = "web-1" }
    source "hcloud" "b" { snapshot_name = "golden_web" }
    source "amazon-ebs" "c" { ami_name = "web-{{timestamp}}" }
    build { sources = ["source.amazon-ebs.a", "source.hcloud.b", "source.amazon-ebs.c"] }
  EOT
  finds    = ["3: The name of the image of `amazon-ebs` `c`", "1: The name of the image of `amazon-ebs` `a` does not match `golden-[a-z0-9-]+`; choose one that does.", "2: The name of the image of `hcloud` `b`"]
}

test "image-names" {
  params   = { images = "golden-[a-z0-9-]+" }
  template = <<-EOT
    source "amazon-ebs" "a" { ami_name = "golden-web-1" }
    source "googlecompute" "b" {}
    source "amazon-ebs" "c" { ami_name = "golden-$${timestamp()}" }
    source "vsphere-iso" "d" { snapshot_name = "ready" }
    source "lxc" "e" { template_name = "debian" }
    source "vsphere-supervisor" "f" {
      image_name         = "debian-12"
      publish_image_name = "golden-web"
    }
    build { sources = ["source.amazon-ebs.a", "source.googlecompute.b", "source.amazon-ebs.c", "source.vsphere-iso.d", "source.lxc.e", "source.vsphere-supervisor.f"] }
  EOT
}

policy "machine-names" {
  description   = "Names of virtual machines match a pattern."
  target        = source
  when          = param.machines != null
  condition     = self.vm_name == null || self.vm_name == "" || length(regexall("^(?:${param.machines})$", self.vm_name)) > 0
  error_message = "The name of the machine of `${self.type}` `${self.name}` does not match `${param.machines}`; choose one that does."
  at            = self.vm_name
}

test "machine-names" {
  params   = { machines = "vm-.*" }
  template = <<-EOT
    source "qemu" "a" {
      vm_name = "web"
    }
    build { sources = ["source.qemu.a"] }
  EOT
  finds    = ["2: The name of the machine of `qemu` `a` does not match `vm-.*`; choose one that does."]
}

test "machine-names" {
  params   = { machines = "vm-.*" }
  template = <<-EOT
    source "qemu" "a" { vm_name = "vm-web" }
    source "qemu" "b" {}
    build { sources = ["source.qemu.a", "source.qemu.b"] }
  EOT
}

policy "build-names" {
  description   = "Names of builds match a pattern."
  target        = build
  when          = param.builds != null
  condition     = alltrue([for it in self.name[*] : length(regexall("^(?:${param.builds})$", it)) > 0])
  error_message = "The build name `${self.name}` does not match `${param.builds}`; choose one that does."
  at            = self.name
}

test "build-names" {
  params   = { builds = "[a-z-]+" }
  template = <<-EOT
    source "null" "a" { communicator = "none" }
    build {
      name    = "Web_1"
      sources = ["source.null.a"]
    }
  EOT
  finds    = ["3: The build name `Web_1` does not match `[a-z-]+`; choose one that does."]
}

test "build-names" {
  params   = { builds = "[a-z-]+" }
  template = <<-EOT
    source "null" "a" { communicator = "none" }
    build {
      name    = "web"
      sources = ["source.null.a"]
    }
    build { sources = ["source.null.a"] }
  EOT
}

policy "source-names" {
  description   = "Names of sources match a pattern."
  target        = source
  when          = param.sources != null && self.name != self.type
  condition     = length(regexall("^(?:${param.sources})$", self.name)) > 0
  error_message = "The source name `${self.name}` does not match `${param.sources}`; choose one that does."
}

test "source-names" {
  params   = { sources = "[a-z0-9_]+" }
  template = <<-EOT
    source "null" "Web-1" { communicator = "none" }
    build { sources = ["source.null.Web-1"] }
  EOT
  finds    = ["1: The source name `Web-1` does not match `[a-z0-9_]+`; choose one that does."]
}

test "source-names" {
  params   = { sources = "[a-z0-9_]+" }
  template = <<-EOT
    source "null" "web_1" { communicator = "none" }
    build { sources = ["source.null.web_1"] }
  EOT
}

test "source-names" {
  params = { sources = "[a-z0-9_]+" }
  files = {
    "web.json" = "{\"builders\": [{\"type\": \"amazon-ebs\"}, {\"type\": \"amazon-ebs\", \"name\": \"Web\"}]}"
  }
  finds = ["1: The source name `Web` does not match"]
}

policy "variable-names" {
  description   = "Names of variables match a pattern."
  target        = variable
  when          = param.variables != null
  condition     = length(regexall("^(?:${param.variables})$", self.name)) > 0
  error_message = "The variable name `${self.name}` does not match `${param.variables}`; choose one that does."
}

test "variable-names" {
  params   = { variables = "[a-z0-9_]+" }
  template = <<-EOT
    variable "AmiName" {}
    variable "ami_name" {}
  EOT
  finds    = ["1: The variable name `AmiName` does not match `[a-z0-9_]+`; choose one that does."]
}

test "variable-names" {
  params   = { variables = "[a-z0-9_]+" }
  template = "variable \"ami_name\" {}"
}
