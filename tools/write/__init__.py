"""The commands with which a week is written."""
