"""A graph of images → the runs of Packer that make them, in order, watched and told of."""
