"""A plan → runs of Packer, in order and within limits, of which nothing is left behind."""
