"""Rules about what a template is made of: the grammar of its blocks, and how they refer to each other."""
