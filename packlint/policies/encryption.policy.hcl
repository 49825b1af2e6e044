# Images, and the disks they are built on, are encrypted.
#
# What an account encrypts by default cannot be seen in a template: here it has to be said. The keys of
# customers are demanded only where a parameter asks for them.

param "azure_disk_encryption_sets" {
  type        = bool
  default     = false
  description = "Whether disks on Azure have to be encrypted with keys of one's own."
}

param "google_customer_keys" {
  type        = bool
  default     = false
  description = "Whether images and disks on Google Compute Engine have to be encrypted with keys of one's own."
}

param "ibm_customer_keys" {
  type        = bool
  default     = false
  description = "Whether images on IBM Cloud VPC have to be encrypted with keys of one's own."
}

policy "encrypted-amis" {
  description   = "AMIs are encrypted.\n\n`encrypt_boot` encrypts an AMI; so does the encryption of all volumes that it is made of. A volume made of a snapshot is as the snapshot is, and not looked at."
  severity      = "error"
  target        = source
  when          = contains(["amazon-chroot", "amazon-ebs", "amazon-ebssurrogate"], self.type) && self.skip_create_ami != true
  condition = self.encrypt_boot == true || self.root_volume_encrypt_boot == true || self.encrypt_boot == null && length(self.launch_block_device_mappings[*]) > 0 && alltrue([
    for it in self.launch_block_device_mappings[*] : it.encrypted == true || it.no_device == true || it.virtual_name != null || it.snapshot_id != null
  ])
  error_message = "The AMI of `${self.type}` `${self.name}` is not encrypted; set `encrypt_boot = true`."
  at            = self.encrypt_boot
  benchmarks    = ["CIS Amazon Web Services Foundations Benchmark v3.0.0, 2.2.1"]
}

test "encrypted-amis" {
  template = <<-EOT
    source "amazon-ebs" "a" {}
    source "amazon-ebs" "b" { encrypt_boot = false }
    source "amazon-ebs" "c" {
      launch_block_device_mappings {
        device_name = "/dev/sda1"
        encrypted   = true
      }
      launch_block_device_mappings { device_name = "/dev/sdb" }
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c"] }
  EOT
  finds    = ["1: The AMI of `amazon-ebs` `a` is not encrypted; set `encrypt_boot = true`.", "2: The AMI of `amazon-ebs` `b`", "3: The AMI of `amazon-ebs` `c`"]
}

test "encrypted-amis" {
  template = <<-EOT
    variable "encrypted" { type = bool }
    source "amazon-ebs" "a" { encrypt_boot = true }
    source "amazon-ebs" "b" { encrypt_boot = var.encrypted }
    source "amazon-ebs" "c" {
      launch_block_device_mappings {
        device_name = "/dev/sda1"
        encrypted   = true
      }
    }
    source "amazon-ebs" "d" { skip_create_ami = true }
    source "amazon-chroot" "e" { root_volume_encrypt_boot = true }
    source "amazon-ebs" "f" { encrypt_boot = "true" }
    source "qemu" "g" {}
    source "amazon-ebssurrogate" "h" {
      launch_block_device_mappings {
        device_name = "/dev/sdb"
        snapshot_id = "snap-12345678"
      }
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b", "source.amazon-ebs.c", "source.amazon-ebs.d", "source.amazon-chroot.e", "source.amazon-ebs.f", "source.qemu.g", "source.amazon-ebssurrogate.h"] }
  EOT
}

policy "encrypted-volumes" {
  description   = "Volumes that Packer makes on Amazon are encrypted.\n\nA volume made of a snapshot is as the snapshot is, and not looked at."
  severity      = "error"
  target        = source
  when          = contains(["amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume"], self.type)
  condition = alltrue([for it in concat(self.launch_block_device_mappings[*], self.ebs_volumes[*]) :
    it.encrypted == true || it.no_device == true || it.virtual_name != null || it.snapshot_id != null
  ])
  error_message = "A volume of `${self.type}` `${self.name}` is not encrypted; set `encrypted = true` in its block."
  benchmarks = [
    "CIS Amazon Web Services Foundations Benchmark v3.0.0, 2.2.1",
    "AWS Foundational Security Best Practices, EC2.3",
  ]
}

test "encrypted-volumes" {
  template = <<-EOT
    source "amazon-ebs" "a" {
      encrypt_boot = true
      launch_block_device_mappings { device_name = "/dev/sda1" }
    }
    source "amazon-ebsvolume" "b" {
      ebs_volumes {
        device_name = "/dev/sdb"
        encrypted   = false
      }
    }
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebsvolume.b"] }
  EOT
  finds    = ["1: A volume of `amazon-ebs` `a` is not encrypted; set `encrypted = true` in its block.", "5: A volume of `amazon-ebsvolume` `b`"]
}

test "encrypted-volumes" {
  template = <<-EOT
    source "amazon-ebs" "a" {
      launch_block_device_mappings {
        device_name = "/dev/sda1"
        encrypted   = true
      }
      launch_block_device_mappings {
        device_name = "/dev/sdb"
        no_device   = true
      }
      launch_block_device_mappings {
        device_name  = "/dev/sdc"
        virtual_name = "ephemeral0"
      }
      launch_block_device_mappings {
        device_name = "/dev/sdd"
        snapshot_id = "snap-12345678"
      }
    }
    source "amazon-ebs" "b" {}
    build { sources = ["source.amazon-ebs.a", "source.amazon-ebs.b"] }
  EOT
}

policy "encrypted-alicloud-images" {
  description   = "Images of Alibaba Cloud are encrypted."
  severity      = "error"
  target        = source
  when          = self.type == "alicloud-ecs" && self.skip_create_image != true
  condition     = self.image_encrypted == true
  error_message = "The image of `${self.name}` is not encrypted; set `image_encrypted = true`."
  at            = self.image_encrypted
}

test "encrypted-alicloud-images" {
  template = <<-EOT
    source "alicloud-ecs" "a" {}
    build { sources = ["source.alicloud-ecs.a"] }
  EOT
  finds    = ["1: The image of `a` is not encrypted; set `image_encrypted = true`."]
}

test "encrypted-alicloud-images" {
  template = <<-EOT
    source "alicloud-ecs" "a" { image_encrypted = true }
    build { sources = ["source.alicloud-ecs.a"] }
  EOT
}

policy "azure-disk-encryption-sets" {
  description   = "Disks on Azure are encrypted with keys of one's own."
  severity      = "error"
  target        = source
  when          = param.azure_disk_encryption_sets && self.type == "azure-arm"
  condition     = length(compact(self.disk_encryption_set_id[*])) > 0
  error_message = "The disks of `azure-arm` `${self.name}` are encrypted with keys of Azure; set `disk_encryption_set_id`."
  at            = self.disk_encryption_set_id
  benchmarks    = ["CIS Microsoft Azure Foundations Benchmark v1.5.0, 7.2"]
}

test "azure-disk-encryption-sets" {
  params   = { azure_disk_encryption_sets = true }
  template = <<-EOT
    source "azure-arm" "a" {}
    build { sources = ["source.azure-arm.a"] }
  EOT
  finds    = ["1: The disks of `azure-arm` `a` are encrypted with keys of Azure; set `disk_encryption_set_id`."]
}

test "azure-disk-encryption-sets" {
  params   = { azure_disk_encryption_sets = true }
  template = <<-EOT
    variable "set" { default = "" }
    source "azure-arm" "a" { disk_encryption_set_id = "/subscriptions/1/resourceGroups/a/providers/Microsoft.Compute/diskEncryptionSets/b" }
    source "azure-arm" "b" { disk_encryption_set_id = var.set }
    build { sources = ["source.azure-arm.a", "source.azure-arm.b"] }
  EOT
}

test "azure-disk-encryption-sets" {
  template = <<-EOT
    source "azure-arm" "a" {}
    build { sources = ["source.azure-arm.a"] }
  EOT
}

policy "google-customer-keys" {
  description   = "Images and disks on Google Compute Engine are encrypted with keys of one's own."
  severity      = "error"
  target        = source
  when          = param.google_customer_keys && self.type == "googlecompute"
  condition     = (length(self.image_encryption_key[*]) > 0 || self.skip_create_image == true) && length(self.disk_encryption_key[*]) > 0
  error_message = "The image or the disk of `googlecompute` `${self.name}` is encrypted with a key of Google; add `image_encryption_key` and `disk_encryption_key`."
  benchmarks    = ["CIS Google Cloud Platform Foundation Benchmark v3.0.0, 4.7"]
}

test "google-customer-keys" {
  params   = { google_customer_keys = true }
  template = <<-EOT
    source "googlecompute" "a" {
      image_encryption_key { kmsKeyName = "projects/a/locations/b/keyRings/c/cryptoKeys/d" }
    }
    build { sources = ["source.googlecompute.a"] }
  EOT
  finds    = ["1: The image or the disk of `googlecompute` `a` is encrypted with a key of Google"]
}

test "google-customer-keys" {
  params   = { google_customer_keys = true }
  template = <<-EOT
    source "googlecompute" "a" {
      image_encryption_key { kmsKeyName = "projects/a/locations/b/keyRings/c/cryptoKeys/d" }
      disk_encryption_key { kmsKeyName = "projects/a/locations/b/keyRings/c/cryptoKeys/d" }
    }
    build { sources = ["source.googlecompute.a"] }
  EOT
}

policy "ibm-customer-keys" {
  description   = "Images on IBM Cloud VPC are encrypted with keys of one's own."
  severity      = "error"
  target        = source
  when          = param.ibm_customer_keys && self.type == "ibmcloud-vpc"
  condition     = length(compact(self.encryption_key_crn[*])) > 0
  error_message = "The image of `ibmcloud-vpc` `${self.name}` is encrypted with a key of IBM; set `encryption_key_crn`."
  at            = self.encryption_key_crn
}

test "ibm-customer-keys" {
  params   = { ibm_customer_keys = true }
  template = <<-EOT
    source "ibmcloud-vpc" "a" {}
    build { sources = ["source.ibmcloud-vpc.a"] }
  EOT
  finds    = ["1: The image of `ibmcloud-vpc` `a` is encrypted with a key of IBM; set `encryption_key_crn`."]
}

test "ibm-customer-keys" {
  params   = { ibm_customer_keys = true }
  template = <<-EOT
    source "ibmcloud-vpc" "a" { encryption_key_crn = "crn:v1:bluemix:public:kms:us-south:a/1:2:key:3" }
    build { sources = ["source.ibmcloud-vpc.a"] }
  EOT
}
