"""What Packer says, line by line → how far each image is, what was made of it, and where it failed."""
