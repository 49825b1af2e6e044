"""The commands of the command line that read templates: arguments in, an exit code out."""
