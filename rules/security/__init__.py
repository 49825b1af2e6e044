"""Rules about secrets, what is downloaded unchecked, and whom an image lets in."""
