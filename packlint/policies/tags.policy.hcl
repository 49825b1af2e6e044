# Images, and by wish what builds them, carry the tags or labels that are demanded.
#
# The keys are compared as they are written; Google takes small letters only, so there the demanded keys are
# put in small letters.

param "required" {
  type        = list(string)
  description = "Keys that there have to be, as in `[\"owner\", \"cost-centre\"]`."
}

param "values" {
  type        = map(string)
  default     = {}
  description = "Regular expressions that the values of some keys match as a whole, as in `{ cost-centre = \"[0-9]{4}\" }`."
}

param "instances" {
  type        = bool
  default     = false
  description = "Whether the machines that build have to carry the tags, too."
}

param "snapshots" {
  type        = bool
  default     = false
  description = "Whether the snapshots of AMIs have to carry the tags, too."
}

locals {
  # Types whose images have `tags`, a map.
  tagged = [
    "alicloud-ecs", "amazon-chroot", "amazon-ebs", "amazon-ebssurrogate", "amazon-instance", "ksyun-kec", "numspot-bsu",
    "oracle-oci", "outscale-bsu", "outscale-bsusurrogate", "outscale-chroot",
  ]
  amazon = ["amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume", "amazon-instance"]
  # Types that put the tags of the instance on the AMI, too.
  inheriting = ["amazon-ebs", "amazon-ebssurrogate"]
}

policy "image-tags" {
  description   = "Images carry the demanded tags.\n\n`run_tags` are put on AMIs, too, unless `skip_ami_run_tags` is set. Tags that Oracle defines in namespaces are not looked into."
  severity      = "error"
  target        = source
  when          = contains(local.tagged, self.type) && self.skip_create_ami != true && self.skip_create_image != true && self.skip_create_omi != true && self.defined_tags_json == null
  condition     = length([for key in param.required : key if !contains(concat(try(keys(self.tags), []), [for it in self.tag[*] : it.key], contains(local.inheriting, self.type) && self.skip_ami_run_tags != true ? concat(try(keys(self.run_tags), []), [for it in self.run_tag[*] : it.key]) : []), key)]) == 0
  error_message = "The image of `${self.type}` `${self.name}` lacks the tags ${join(", ", [for key in param.required : key if !contains(concat(try(keys(self.tags), []), [for it in self.tag[*] : it.key], contains(local.inheriting, self.type) && self.skip_ami_run_tags != true ? concat(try(keys(self.run_tags), []), [for it in self.run_tag[*] : it.key]) : []), key)])}; add them to `tags`."
  at            = self.tags
}

test "image-tags" {
  params   = { required = ["owner", "cost-centre"] }
  template = <<-EOT
    source "amazon-ebs" "a" {
      tags = { Name = "a", owner = "web" }
    }
    source "oracle-oci" "b" {}
    source "amazon-ebs" "c" {
      tag {
        key   = "cost-centre"
        value = "1"
      }
    }
    source "amazon-ebs" "d" {
      tags              = { owner = "web" }
      run_tags          = { cost-centre = "1" }
      skip_ami_run_tags = true
    }
    source "amazon-chroot" "e" { tags = { owner = "web" } }
    build { sources = ["source.amazon-ebs.a", "source.oracle-oci.b", "source.amazon-ebs.c", "source.amazon-ebs.d", "source.amazon-chroot.e"] }
  EOT
  finds = [
    "2: The image of `amazon-ebs` `a` lacks the tags cost-centre; add them to `tags`.",
    "4: The image of `oracle-oci` `b` lacks the tags owner, cost-centre",
    "5: The image of `amazon-ebs` `c` lacks the tags owner",
    "12: The image of `amazon-ebs` `d` lacks the tags cost-centre",
    "16: The image of `amazon-chroot` `e` lacks the tags cost-centre",
  ]
}

test "image-tags" {
  params   = { required = ["owner", "cost-centre"] }
  template = <<-EOT
    variable "tags" { type = map(string) }
    source "amazon-ebs" "a" {
      tags = { owner = "web" }
      tag {
        key   = "cost-centre"
        value = "1"
      }
    }
    source "amazon-ebs" "b" { tags = merge(var.tags, { owner = "web" }) }
    source "amazon-ebs" "c" { skip_create_ami = true }
    source "amazon-ebs" "d" {
      tags = { owner = "web-$${timestamp()}", cost-centre = "1" }
    }
    source "qemu" "e" {}
    source "oracle-oci" "f" { defined_tags_json = "{}" }
    source "amazon-ebs" "g" {
      run_tags = { owner = "web" }
      run_tag {
        key   = "cost-centre"
        value = "1"
      }
    }
    build { sources = ["source.amazon-ebs.g", "source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c", "source.amazon-ebs.d", "source.qemu.e", "source.oracle-oci.f"] }
  EOT
}

policy "azure-tags" {
  description   = "Images of Azure carry the demanded tags.\n\nAzure does not tell small letters of their names from large ones."
  severity      = "error"
  target        = source
  when          = contains(["azure-arm", "azure-dtl"], self.type) && self.skip_create_image != true
  condition     = length([for key in [for it in param.required : lower(it)] : key if !contains([for it in concat(try(keys(self.azure_tags), []), [for it in self.azure_tag[*] : it.name]) : lower(it)], key)]) == 0
  error_message = "The image of `${self.type}` `${self.name}` lacks the tags ${join(", ", [for key in [for it in param.required : lower(it)] : key if !contains([for it in concat(try(keys(self.azure_tags), []), [for it in self.azure_tag[*] : it.name]) : lower(it)], key)])}; add them to `azure_tags`."
  at            = self.azure_tags
}

test "azure-tags" {
  params   = { required = ["Owner", "CostCentre"] }
  template = <<-EOT
    source "azure-arm" "a" {
      azure_tags = { owner = "web" }
    }
    build { sources = ["source.azure-arm.a"] }
  EOT
  finds    = ["2: The image of `azure-arm` `a` lacks the tags costcentre; add them to `azure_tags`."]
}

test "azure-tags" {
  params   = { required = ["Owner", "CostCentre"] }
  template = <<-EOT
    source "azure-arm" "a" {
      azure_tags = { owner = "web" }
      azure_tag {
        name  = "costcentre"
        value = "1"
      }
    }
    build { sources = ["source.azure-arm.a"] }
  EOT
}

policy "image-labels" {
  description   = "Images of Google Compute Engine and Yandex carry the demanded labels."
  severity      = "error"
  target        = source
  when          = contains(["googlecompute", "yandex"], self.type) && self.skip_create_image != true
  condition     = length([for key in [for it in param.required : lower(it)] : key if !contains(try(keys(self.image_labels), []), key)]) == 0
  error_message = "The image of `${self.type}` `${self.name}` lacks the labels ${join(", ", [for key in [for it in param.required : lower(it)] : key if !contains(try(keys(self.image_labels), []), key)])}; add them to `image_labels`."
  at            = self.image_labels
}

test "image-labels" {
  params   = { required = ["owner", "cost-centre"] }
  template = <<-EOT
    source "googlecompute" "a" {
      labels       = { cost-centre = "1" }
      image_labels = { owner = "web" }
    }
    build { sources = ["source.googlecompute.a"] }
  EOT
  finds    = ["3: The image of `googlecompute` `a` lacks the labels cost-centre; add them to `image_labels`."]
}

test "image-labels" {
  params   = { required = ["Owner"] }
  template = <<-EOT
    source "googlecompute" "a" {
      image_labels = { owner = "web" }
    }
    source "googlecompute" "b" { skip_create_image = true }
    build { sources = ["source.googlecompute.a", "source.googlecompute.b"] }
  EOT
}

policy "snapshot-labels" {
  description   = "Snapshots of Hetzner Cloud carry the demanded labels."
  severity      = "error"
  target        = source
  when          = self.type == "hcloud" && self.skip_create_snapshot != true
  condition     = length([for key in param.required : key if !contains(try(keys(self.snapshot_labels), []), key)]) == 0
  error_message = "The snapshot of `${self.name}` lacks the labels ${join(", ", [for key in param.required : key if !contains(try(keys(self.snapshot_labels), []), key)])}; add them to `snapshot_labels`."
  at            = self.snapshot_labels
}

test "snapshot-labels" {
  params   = { required = ["owner"] }
  template = <<-EOT
    source "hcloud" "a" {
      server_labels = { owner = "web" }
    }
    build { sources = ["source.hcloud.a"] }
  EOT
  finds    = ["1: The snapshot of `a` lacks the labels owner; add them to `snapshot_labels`."]
}

test "snapshot-labels" {
  params   = { required = ["owner"] }
  template = <<-EOT
    source "hcloud" "a" {
      snapshot_labels = { owner = "web" }
    }
    build { sources = ["source.hcloud.a"] }
  EOT
}

policy "named-image-tags" {
  description   = "Images of Tencent Cloud, Huawei Cloud and Triton carry the demanded tags."
  severity      = "error"
  target        = source
  when          = contains(["huaweicloud-ecs", "hyperone", "tencentcloud-cvm", "triton"], self.type)
  condition     = length([for key in param.required : key if !contains(concat(try(keys(self.image_tags), []), try([for it in self.image_tag[*] : it.key], [])), key)]) == 0
  error_message = "The image of `${self.type}` `${self.name}` lacks the tags ${join(", ", [for key in param.required : key if !contains(concat(try(keys(self.image_tags), []), try([for it in self.image_tag[*] : it.key], [])), key)])}; add them to `image_tags`."
  at            = self.image_tags
}

test "named-image-tags" {
  params   = { required = ["owner"] }
  template = <<-EOT
    source "tencentcloud-cvm" "a" {
      run_tags = { owner = "web" }
    }
    build { sources = ["source.tencentcloud-cvm.a"] }
  EOT
  finds    = ["1: The image of `tencentcloud-cvm` `a` lacks the tags owner; add them to `image_tags`."]
}

test "named-image-tags" {
  params   = { required = ["owner"] }
  template = <<-EOT
    source "tencentcloud-cvm" "a" {
      image_tags = { owner = "web" }
    }
    build { sources = ["source.tencentcloud-cvm.a"] }
  EOT
}

policy "instance-tags" {
  description   = "Machines of Amazon that build carry the demanded tags."
  severity      = "error"
  target        = source
  when          = param.instances && contains(local.amazon, self.type)
  condition     = length([for key in param.required : key if !contains(concat(try(keys(self.run_tags), []), [for it in self.run_tag[*] : it.key]), key)]) == 0
  error_message = "The instance of `${self.type}` `${self.name}` lacks the tags ${join(", ", [for key in param.required : key if !contains(concat(try(keys(self.run_tags), []), [for it in self.run_tag[*] : it.key]), key)])}; add them to `run_tags`."
  at            = self.run_tags
}

test "instance-tags" {
  params   = { required = ["owner"], instances = true }
  template = <<-EOT
    source "amazon-ebs" "a" {
      tags = { owner = "web" }
    }
    build { sources = ["source.amazon-ebs.a"] }
  EOT
  finds    = ["1: The instance of `amazon-ebs` `a` lacks the tags owner; add them to `run_tags`."]
}

test "instance-tags" {
  params   = { required = ["owner"], instances = true }
  template = <<-EOT
    source "amazon-ebs" "a" {
      run_tags = { owner = "web" }
    }
    build { sources = ["source.amazon-ebs.a"] }
  EOT
}

test "instance-tags" {
  params   = { required = ["owner"] }
  template = <<-EOT
    source "amazon-ebs" "a" {}
    build { sources = ["source.amazon-ebs.a"] }
  EOT
}

policy "snapshot-tags" {
  description   = "Snapshots of AMIs carry the demanded tags.\n\nThe tags of an AMI are put on its snapshots, too, and so are those of the instance where the AMI is not copied; `snapshot_tags` come on top of them."
  severity      = "error"
  target        = source
  when          = param.snapshots && contains(["amazon-chroot", "amazon-ebs", "amazon-ebssurrogate"], self.type) && self.skip_create_ami != true
  condition     = length([for key in param.required : key if !contains(concat(try(keys(self.snapshot_tags), []), try(keys(self.tags), []), concat(self.snapshot_tag[*], self.tag[*])[*].key, contains(local.inheriting, self.type) && self.skip_ami_run_tags != true && self.encrypt_boot != true ? concat(try(keys(self.run_tags), []), [for it in self.run_tag[*] : it.key]) : []), key)]) == 0
  error_message = "The snapshots of `${self.type}` `${self.name}` lack the tags ${join(", ", [for key in param.required : key if !contains(concat(try(keys(self.snapshot_tags), []), try(keys(self.tags), []), concat(self.snapshot_tag[*], self.tag[*])[*].key, contains(local.inheriting, self.type) && self.skip_ami_run_tags != true && self.encrypt_boot != true ? concat(try(keys(self.run_tags), []), [for it in self.run_tag[*] : it.key]) : []), key)])}; add them to `snapshot_tags`."
  at            = self.snapshot_tags
}

test "snapshot-tags" {
  params   = { required = ["owner"], snapshots = true }
  template = <<-EOT
    source "amazon-ebs" "a" {
      tags          = { Name = "web" }
      snapshot_tags = { team = "web" }
    }
    source "amazon-ebs" "b" {
      run_tags     = { owner = "web" }
      encrypt_boot = true
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b"] }
  EOT
  finds    = ["3: The snapshots of `amazon-ebs` `a` lack the tags owner; add them to `snapshot_tags`.", "5: The snapshots of `amazon-ebs` `b`"]
}

test "snapshot-tags" {
  params   = { required = ["owner"], snapshots = true }
  template = <<-EOT
    source "amazon-ebs" "a" {
      snapshot_tags = { owner = "web" }
    }
    source "amazon-ebs" "b" {
      tags = { owner = "web" }
    }
    source "amazon-ebs" "c" {
      tag {
        key   = "owner"
        value = "web"
      }
    }
    source "amazon-ebs" "d" { run_tags = { owner = "web" } }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c", "source.amazon-ebs.d"] }
  EOT
}

policy "tag-values" {
  description   = "The values of tags and labels of images are as demanded."
  severity      = "error"
  target        = source
  when          = length(param.values) > 0
  condition = alltrue([
    for tags in [
      self.tags, { for it in self.tag[*] : it.key => it.value }, self.azure_tags, { for it in self.azure_tag[*] : it.name => it.value },
      self.image_labels, self.snapshot_labels, self.image_tags,
    ] :
    alltrue(try([for key, value in tags : can(regex("^(?:${param.values[key]})$", value)) if contains(keys(param.values), key)], []))
  ])
  error_message = "A tag of the image of `${self.type}` `${self.name}` has a value that is not admitted; they have to match ${join(", ", [for key, it in param.values : "${key}: ${it}"])}."
}

test "tag-values" {
  params   = { required = ["cost-centre"], values = { cost-centre = "[0-9]{4}" } }
  template = <<-EOT
    source "amazon-ebs" "a" {
      tags = { cost-centre = "12345", owner = "web" }
    }
    source "hcloud" "b" {
      snapshot_labels = { cost-centre = "mine" }
    }
    source "azure-arm" "c" {
      azure_tag {
        name  = "cost-centre"
        value = "mine"
      }
    }
    source "tencentcloud-cvm" "d" { image_tags = { cost-centre = "mine" } }
    build { sources = ["source.amazon-ebs.a", "source.hcloud.b", "source.azure-arm.c", "source.tencentcloud-cvm.d"] }
  EOT
  finds = [
    "A tag of the image of `amazon-ebs` `a` has a value that is not admitted; they have to match cost-centre: [0-9]{4}.",
    "A tag of the image of `hcloud` `b`",
    "7: A tag of the image of `azure-arm` `c`",
    "13: A tag of the image of `tencentcloud-cvm` `d`",
  ]
}

test "tag-values" {
  params   = { required = ["cost-centre"], values = { cost-centre = "[0-9]{4}" } }
  template = <<-EOT
    variable "centre" { type = string }
    source "amazon-ebs" "a" {
      tags = { cost-centre = "1234", owner = "web" }
    }
    source "amazon-ebs" "b" {
      tags = { cost-centre = var.centre }
    }
    source "googlecompute" "c" {
      tags = ["web"]
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.googlecompute.c"] }
  EOT
}
