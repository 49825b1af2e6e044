# Machines that build are not open to the internet.

param "private" {
  type        = bool
  default     = false
  description = "Whether machines that build may have no public address at all."
}

locals {
  launched = ["amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume", "amazon-instance"]
}

policy "closed-security-groups" {
  description   = "The security group that Packer makes on Amazon lets only named networks in.\n\nIt is open to everybody where `temporary_security_group_source_cidrs` is left out."
  severity      = "error"
  target        = source
  when          = contains(local.launched, self.type)
  condition     = length(setintersection(["0.0.0.0/0", "::/0"], self.temporary_security_group_source_cidrs[*])) == 0
  schema = {
    anyOf = [
      { required = ["temporary_security_group_source_cidrs"] },
      { required = ["security_group_id"] },
      { required = ["security_group_ids"] },
      { required = ["security_group_filter"] },
      { required = ["temporary_security_group_source_public_ip"], properties = { temporary_security_group_source_public_ip = { const = true } } },
      { required = ["ssh_interface"], properties = { ssh_interface = { const = "session_manager" } } },
    ]
  }
  error_message = "The security group of the instance of `${self.type}` `${self.name}` lets everybody in; name your networks in `temporary_security_group_source_cidrs`."
  at            = self.temporary_security_group_source_cidrs
  benchmarks = [
    "CIS Amazon Web Services Foundations Benchmark v3.0.0, 5.2",
    "CIS Amazon Web Services Foundations Benchmark v3.0.0, 5.3",
  ]
}

test "closed-security-groups" {
  template = <<-EOT
    source "amazon-ebs" "a" {
      temporary_security_group_source_cidrs = ["0.0.0.0/0"]
    }
    source "amazon-ebs" "b" {}
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b"] }
  EOT
  finds    = ["2: The security group of the instance of `amazon-ebs` `a` lets everybody in", "4: The security group of the instance of `amazon-ebs` `b`"]
}

test "closed-security-groups" {
  template = <<-EOT
    variable "networks" { type = list(string) }
    source "amazon-ebs" "a" { temporary_security_group_source_cidrs = ["10.0.0.0/8"] }
    source "amazon-ebs" "b" { temporary_security_group_source_cidrs = var.networks }
    source "amazon-ebs" "c" { security_group_id = "sg-12345678" }
    source "amazon-ebs" "d" { ssh_interface = "session_manager" }
    source "amazon-ebs" "e" { temporary_security_group_source_public_ip = true }
    source "amazon-ebs" "f" {
      security_group_filter { filters = { "tag:Name" = "build" } }
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c", "source.amazon-ebs.d", "source.amazon-ebs.e", "source.amazon-ebs.f"] }
  EOT
}

policy "required-imdsv2" {
  description   = "Instances that build, and those made of AMIs, answer to version 2 of the metadata service only."
  severity      = "error"
  target        = source
  when          = self.type == "amazon-chroot" || contains(local.launched, self.type)
  condition = alltrue([
    self.type == "amazon-chroot" || anytrue([for it in self.metadata_options[*] : it.http_tokens == "required" || it.http_endpoint == "disabled"]),
    self.type == "amazon-ebsvolume" || self.skip_create_ami == true || self.imds_support == "v2.0",
  ])
  error_message = "`${self.type}` `${self.name}` admits version 1 of the metadata service; set `imds_support = \"v2.0\"`, and `http_tokens = \"required\"` in `metadata_options`, as far as it has them."
  benchmarks = [
    "CIS Amazon Web Services Foundations Benchmark v3.0.0, 5.6",
    "AWS Foundational Security Best Practices, EC2.8",
  ]
}

test "required-imdsv2" {
  template = <<-EOT
    source "amazon-ebs" "a" {}
    source "amazon-ebs" "b" { imds_support = "v2.0" }
    source "amazon-ebsvolume" "c" {
      metadata_options { http_endpoint = "enabled" }
    }
    source "amazon-chroot" "d" {}
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebsvolume.c", "source.amazon-chroot.d"] }
  EOT
  finds    = ["1: `amazon-ebs` `a` admits version 1", "2: `amazon-ebs` `b`", "3: `amazon-ebsvolume` `c`", "6: `amazon-chroot` `d`"]
}

test "required-imdsv2" {
  template = <<-EOT
    source "amazon-ebs" "a" {
      imds_support = "v2.0"
      metadata_options { http_tokens = "required" }
    }
    source "amazon-ebsvolume" "b" {
      metadata_options { http_tokens = "required" }
    }
    source "amazon-chroot" "c" { imds_support = "v2.0" }
    source "qemu" "d" {}
    source "amazon-ebsvolume" "e" {
      metadata_options { http_endpoint = "disabled" }
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebsvolume.b", "source.amazon-chroot.c", "source.qemu.d", "source.amazon-ebsvolume.e"] }
  EOT
}

policy "no-public-addresses" {
  description   = "Machines that build have no public address.\n\nOn Amazon and its like the subnet decides where `associate_public_ip_address` is left out: that is not looked at."
  severity      = "error"
  target        = source
  when          = param.private
  condition = alltrue([
    self.associate_public_ip_address != true,
    self.use_ipv4_nat != true,
    self.type != "googlecompute" || self.omit_external_ip == true,
    self.type != "hcloud" || self.public_ipv4_disabled == true && self.public_ipv6_disabled == true,
    self.type != "azure-arm" || length(compact(self.virtual_network_name[*])) > 0 && self.private_virtual_network_with_public_ip != true,
    self.type != "azure-dtl" || self.disallow_public_ip == true,
  ])
  error_message = "The machine of `${self.type}` `${self.name}` has a public address; build it in a private network."
  benchmarks = [
    "AWS Foundational Security Best Practices, EC2.9",
    "CIS Google Cloud Platform Foundation Benchmark v3.0.0, 4.9",
  ]
}

test "no-public-addresses" {
  params   = { private = true }
  template = <<-EOT
    source "amazon-ebs" "a" { associate_public_ip_address = true }
    source "googlecompute" "b" {}
    source "hcloud" "c" { public_ipv4_disabled = true }
    source "azure-arm" "d" {}
    source "yandex" "e" { use_ipv4_nat = true }
    build { sources = ["source.amazon-ebs.a", "source.googlecompute.b", "source.hcloud.c", "source.azure-arm.d", "source.yandex.e"] }
  EOT
  finds    = ["1: The machine of `amazon-ebs` `a` has a public address", "2: The machine of `googlecompute` `b`", "3: The machine of `hcloud` `c`", "4: The machine of `azure-arm` `d`", "5: The machine of `yandex` `e`"]
}

test "no-public-addresses" {
  params   = { private = true }
  template = <<-EOT
    variable "public" { type = bool }
    source "amazon-ebs" "a" {}
    source "amazon-ebs" "b" { associate_public_ip_address = var.public }
    source "googlecompute" "c" { omit_external_ip = true }
    source "azure-arm" "d" { virtual_network_name = "build" }
    source "qemu" "e" {}
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.googlecompute.c", "source.azure-arm.d", "source.qemu.e"] }
  EOT
}
