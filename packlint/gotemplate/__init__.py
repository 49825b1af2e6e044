"""A text → what Go's text/template makes of it, with the functions that Packer's SDK adds."""
