"""The commands that verify, measure and report."""
