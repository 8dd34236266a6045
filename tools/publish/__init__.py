"""The commands that build and pack what is published."""
