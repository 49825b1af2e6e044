"""`packlint init`: a repository → the files that make packlint part of it."""
