"""Facts about components and the schemas of packlint's own files, as data."""
