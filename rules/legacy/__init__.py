"""Rules about what Packer and its plugins once had, and have under another name or not at all."""
