"""What every notebook keeps, one rule a function; `rules.RULES` holds them all."""

from tests.contract import code, numbers, outputs, reading, results, tasks  # noqa: F401
