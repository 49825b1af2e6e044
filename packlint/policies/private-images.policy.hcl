# Images are not public, and are shared with approved accounts and registries only.
#
# Without parameters it forbids what is open to everybody; lists of accounts and registries make it stricter.

param "accounts" {
  type        = list(string)
  default     = []
  description = "Accounts, and ARNs of organizations and their units, that images may be shared with; with all, but not with everybody, where it is empty."
}

param "registries" {
  type        = list(string)
  default     = []
  description = "Registries, or folders of them, that containers may be pushed to, as in `registry.example.com` or `docker.io/example`."
}

policy "no-public-amis" {
  description   = "AMIs and their snapshots are not open to everybody."
  severity      = "error"
  target        = source
  when          = contains(["amazon-chroot", "amazon-ebs", "amazon-ebssurrogate", "amazon-instance"], self.type)
  condition     = alltrue([for it in [self.ami_groups, self.snapshot_groups] : !contains(it[*], "all")])
  error_message = "Everybody may use the AMI of `${self.type}` `${self.name}`; name accounts in `ami_users` in the place of `ami_groups`, and none in `snapshot_groups`."
  at            = self.ami_groups
  benchmarks    = ["AWS Foundational Security Best Practices, EC2.1"]
}

test "no-public-amis" {
  template = <<-EOT
    source "amazon-ebs" "a" {
      ami_groups = ["all"]
    }
    source "amazon-ebs" "b" {
      snapshot_groups = ["all"]
    }
    variable "groups" { type = list(string) }
    source "amazon-ebs" "c" {
      ami_groups      = ["all"]
      snapshot_groups = var.groups
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c"] }
  EOT
  finds    = ["2: Everybody may use the AMI of `amazon-ebs` `a`", "4: Everybody may use the AMI of `amazon-ebs` `b`", "9: Everybody may use the AMI of `amazon-ebs` `c`"]
}

test "no-public-amis" {
  template = <<-EOT
    variable "groups" { type = list(string) }
    source "amazon-ebs" "a" { ami_users = ["123456789012"] }
    source "amazon-ebs" "b" { ami_groups = var.groups }
    source "qemu" "c" {}
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.qemu.c"] }
  EOT
}

policy "no-public-volumes" {
  description   = "Snapshots of volumes on Amazon are not open to everybody."
  severity      = "error"
  target        = source
  when          = self.type == "amazon-ebsvolume"
  condition     = !contains(flatten([for it in self.ebs_volumes[*] : it.snapshot_groups[*]]), "all")
  error_message = "Everybody may use a snapshot of `amazon-ebsvolume` `${self.name}`; name accounts in `snapshot_users` in the place of `snapshot_groups`."
  benchmarks    = ["AWS Foundational Security Best Practices, EC2.1"]
}

test "no-public-volumes" {
  template = <<-EOT
    source "amazon-ebsvolume" "a" {
      ebs_volumes {
        device_name     = "/dev/sdb"
        snapshot_groups = ["all"]
      }
    }
    build { sources = ["source.amazon-ebsvolume.a"] }
  EOT
  finds    = ["1: Everybody may use a snapshot of `amazon-ebsvolume` `a`"]
}

test "no-public-volumes" {
  template = <<-EOT
    source "amazon-ebsvolume" "a" {
      ebs_volumes { device_name = "/dev/sdb" }
    }
    build { sources = ["source.amazon-ebsvolume.a"] }
  EOT
}

policy "no-public-cloudstack-templates" {
  description   = "Templates of CloudStack are not open to everybody."
  severity      = "error"
  target        = source
  when          = self.type == "cloudstack"
  condition     = self.template_public != true
  error_message = "Everybody may use the template of `cloudstack` `${self.name}`; take `template_public` away."
  at            = self.template_public
}

test "no-public-cloudstack-templates" {
  template = <<-EOT
    source "cloudstack" "a" { template_public = true }
    build { sources = ["source.cloudstack.a"] }
  EOT
  finds    = ["1: Everybody may use the template of `cloudstack` `a`; take `template_public` away."]
}

test "no-public-cloudstack-templates" {
  template = <<-EOT
    source "cloudstack" "a" {}
    build { sources = ["source.cloudstack.a"] }
  EOT
}

policy "approved-accounts" {
  description   = "Images of Amazon, Alibaba Cloud, Baidu Cloud, Kingsoft Cloud and Tencent Cloud are shared with approved accounts only."
  severity      = "error"
  target        = source
  when          = length(param.accounts) > 0
  condition = alltrue([
    for them in [
      self.ami_users, self.snapshot_users, self.ami_org_arns, self.ami_ou_arns, flatten([for it in self.ebs_volumes[*] : it.snapshot_users[*]]),
      self.image_share_account, self.image_share_accounts, self.image_share_account_ids,
    ] : alltrue([for it in them[*] : contains(param.accounts, it)])
  ])
  error_message = "The image of `${self.type}` `${self.name}` is shared with an account or an organization that is not approved; approved are ${join(", ", param.accounts)}."
}

test "approved-accounts" {
  params   = { accounts = ["123456789012"] }
  template = <<-EOT
    source "amazon-ebs" "a" { ami_users = ["123456789012", "210987654321"] }
    source "tencentcloud-cvm" "b" { image_share_accounts = ["1"] }
    source "amazon-ebs" "c" { ami_org_arns = ["arn:aws:organizations::210987654321:organization/o-0123456789"] }
    variable "users" { type = list(string) }
    source "amazon-ebsvolume" "d" {
      ebs_volumes {
        device_name    = "/dev/sdb"
        snapshot_users = ["210987654321"]
      }
    }
    source "amazon-ebs" "e" {
      ami_users      = ["210987654321"]
      snapshot_users = var.users
    }
    build { sources = ["source.amazon-ebs.a", "source.tencentcloud-cvm.b", "source.amazon-ebs.c", "source.amazon-ebsvolume.d", "source.amazon-ebs.e"] }
  EOT
  finds    = ["1: The image of `amazon-ebs` `a` is shared with an account or an organization that is not approved; approved are 123456789012.", "2: The image of `tencentcloud-cvm` `b`", "3: The image of `amazon-ebs` `c`", "5: The image of `amazon-ebsvolume` `d`", "11: The image of `amazon-ebs` `e`"]
}

test "approved-accounts" {
  params   = { accounts = ["123456789012"] }
  template = <<-EOT
    variable "users" { type = list(string) }
    source "amazon-ebs" "a" { ami_users = ["123456789012"] }
    source "amazon-ebs" "b" { ami_users = var.users }
    source "qemu" "c" {}
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.qemu.c"] }
  EOT
}

policy "approved-registries" {
  description   = "Containers that a build pushes are named for approved registries.\n\nA name without a registry is one of docker.io, and one without a folder is in `docker.io/library`."
  severity      = "error"
  target        = build
  when          = length(param.registries) > 0 && anytrue([for it in self.post_processors : it.type == "docker-push"])
  condition = alltrue([for name in [for it in compact([for it in self.post_processors : it.repository if contains(["docker-import", "docker-tag"], it.type)]) : regex_replace(it, "^(index\\.)?docker\\.io/", "")] : anytrue([for it in param.registries :
    startswith("${can(regex("^(localhost|[^/]*[.:][^/]*)/", name)) ? "" : strcontains(name, "/") ? "docker.io/" : "docker.io/library/"}${name}/", "${trimsuffix(it, "/")}/")
  ])])
  error_message = "The build pushes containers and names one for a registry that is not approved; name it for one of ${join(", ", param.registries)}."
}

test "approved-registries" {
  params   = { registries = ["registry.example.com"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "debian"
      commit = true
    }
    build {
      sources = ["source.docker.a"]
      post-processors {
        post-processor "docker-tag" { repository = "someone/web" }
        post-processor "docker-push" {}
      }
    }
  EOT
  finds    = ["5: The build pushes containers and names one for a registry that is not approved; name it for one of registry.example.com."]
}

test "approved-registries" {
  params   = { registries = ["registry.example.com", "docker.io/example"] }
  template = <<-EOT
    source "docker" "a" {
      image  = "debian"
      commit = true
    }
    build {
      sources = ["source.docker.a"]
      post-processors {
        post-processor "docker-tag" { repository = "registry.example.com/web" }
        post-processor "docker-push" {}
      }
      post-processors {
        post-processor "docker-tag" { repository = "example/web" }
        post-processor "docker-push" {}
      }
      post-processors {
        post-processor "docker-tag" { repository = "index.docker.io/example/web" }
        post-processor "docker-push" {}
      }
    }
    build {
      sources = ["source.docker.a"]
      post-processor "docker-tag" { repository = "web" }
    }
  EOT
}
