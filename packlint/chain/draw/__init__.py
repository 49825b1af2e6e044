"""A graph of chains → a picture of it in SVG."""
