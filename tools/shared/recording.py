"""Note what a notebook's claims measure instead of judging it."""

import contextlib

from dsl_utils import checks


@contextlib.contextmanager
def claims_noted():
    """Replace `checks.claim` and `checks.fact` while claims are measured under other settings.

    Facts, such as a number of steps, may be others there.

    Yields:
        {claim: its last value}, which fills while cells run.
    """
    noted, kept = {}, (checks.claim, checks.fact)

    def note(name, value, *bounds, **look):
        noted[name] = float(f"{float(value):.6g}")

    checks.claim, checks.fact = note, lambda *values, **look: None
    try:
        yield noted
    finally:
        checks.claim, checks.fact = kept
