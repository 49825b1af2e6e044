"""Plans and runs of Packer → what people see of them, and JSON for programs."""
