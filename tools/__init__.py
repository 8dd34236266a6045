"""The maintainers' commands, one file each; `make help` lists them."""
