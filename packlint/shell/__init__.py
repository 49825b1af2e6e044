"""Scripts of Unix shells, in templates and in the files they name → the commands in them."""
