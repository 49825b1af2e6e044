"""Rules about what is done to the image."""
