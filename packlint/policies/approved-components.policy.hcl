# Only approved builders, provisioners, post-processors and data sources.
#
# Each list names types as templates write them; one that ends in `*` stands for all that begin so, such as
# `amazon-*`. A list that is empty admits everything.

param "builders" {
  type        = list(string)
  default     = []
  description = "Types of sources that may be used."
}

param "provisioners" {
  type        = list(string)
  default     = []
  description = "Types of provisioners that may be used."
}

param "post_processors" {
  type        = list(string)
  default     = []
  description = "Types of post-processors that may be used."
}

param "data_sources" {
  type        = list(string)
  default     = []
  description = "Types of data sources that may be used."
}

policy "approved-builders" {
  description   = "Sources are of approved types."
  severity      = "error"
  target        = source
  when          = length(param.builders) > 0
  condition     = anytrue([for it in param.builders : self.type == it || endswith(it, "*") && startswith(self.type, trimsuffix(it, "*"))])
  error_message = "Builder `${self.type}` is not approved; use one of ${join(", ", param.builders)}."
}

test "approved-builders" {
  params   = { builders = ["amazon-*", "qemu"] }
  template = <<-EOT
    source "virtualbox-iso" "a" {}
    build { sources = ["source.virtualbox-iso.a"] }
  EOT
  finds    = ["1: Builder `virtualbox-iso` is not approved; use one of amazon-*, qemu."]
}

test "approved-builders" {
  params   = { builders = ["amazon-*", "qemu"] }
  template = <<-EOT
    source "qemu" "a" {}
    source "amazon-ebs" "b" {}
    build { sources = ["source.qemu.a", "source.amazon-ebs.b"] }
  EOT
}

test "approved-builders" {
  template = <<-EOT
    source "virtualbox-iso" "a" {}
    build { sources = ["source.virtualbox-iso.a"] }
  EOT
}

policy "approved-provisioners" {
  description   = "Provisioners are of approved types."
  severity      = "error"
  target        = provisioner
  when          = length(param.provisioners) > 0
  condition     = anytrue([for it in param.provisioners : self.type == it || endswith(it, "*") && startswith(self.type, trimsuffix(it, "*"))])
  error_message = "Provisioner `${self.type}` is not approved; use one of ${join(", ", param.provisioners)}."
}

test "approved-provisioners" {
  params   = { provisioners = ["ansible", "shell"] }
  template = <<-EOT
    source "null" "a" { communicator = "none" }
    build {
      sources = ["source.null.a"]
      provisioner "shell-local" { inline = ["true"] }
      provisioner "ansible" { playbook_file = "site.yml" }
    }
  EOT
  finds    = ["4: Provisioner `shell-local` is not approved; use one of ansible, shell."]
}

test "approved-provisioners" {
  params = { provisioners = ["shell*"] }
  files  = {
    "web.json" = <<-EOT
      {
        "builders": [{ "type": "docker", "image": "debian", "commit": true }],
        "provisioners": [{ "type": "shell-local", "inline": ["true"] }, { "type": "shell", "inline": ["true"] }]
      }
    EOT
  }
}

policy "approved-post-processors" {
  description   = "Post-processors are of approved types."
  severity      = "error"
  target        = post_processor
  when          = length(param.post_processors) > 0
  condition     = anytrue([for it in param.post_processors : self.type == it || endswith(it, "*") && startswith(self.type, trimsuffix(it, "*"))])
  error_message = "Post-processor `${self.type}` is not approved; use one of ${join(", ", param.post_processors)}."
}

test "approved-post-processors" {
  params   = { post_processors = ["manifest"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "debian"
      commit = true
    }
    build {
      sources = ["source.docker.a"]
      post-processors {
        post-processor "docker-tag" { repository = "example/a" }
        post-processor "docker-push" {}
      }
      post-processor "manifest" {}
    }
  EOT
  finds    = ["8: Post-processor `docker-tag`", "9: Post-processor `docker-push` is not approved; use one of manifest."]
}

test "approved-post-processors" {
  params   = { post_processors = ["docker-*"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "debian"
      commit = true
    }
    build {
      sources = ["source.docker.a"]
      post-processor "docker-tag" { repository = "example/a" }
    }
  EOT
}

policy "approved-data-sources" {
  description   = "Data sources are of approved types."
  severity      = "error"
  target        = data
  when          = length(param.data_sources) > 0
  condition     = anytrue([for it in param.data_sources : self.type == it || endswith(it, "*") && startswith(self.type, trimsuffix(it, "*"))])
  error_message = "Data source `${self.type}` is not approved; use one of ${join(", ", param.data_sources)}."
}

test "approved-data-sources" {
  params   = { data_sources = ["amazon-ami"] }
  template = <<-EOT
    data "http" "a" { url = "https://example.com" }
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
  finds    = ["1: Data source `http` is not approved; use one of amazon-ami."]
}

test "approved-data-sources" {
  params   = { data_sources = ["amazon-*"] }
  template = <<-EOT
    data "amazon-ami" "a" { owners = ["amazon"] }
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
}
