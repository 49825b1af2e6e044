"""The schemas of components → a reference to read: lists of components, and pages about one of them."""
