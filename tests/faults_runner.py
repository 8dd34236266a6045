"""Plant faults in a notebook's cells, and see whether its checks refuse them."""

import re
import traceback

from dsl_utils.checks import CheckFailed
from tools.shared.cells import checks_in
from tools.shared.planting import PlantError, Replay


class FaultError(Exception):
    """A fault was not refused as it should be; the message says what happened instead."""


class FaultRunner(Replay):
    """Executes one notebook, and then plants faults in it."""

    def refuse(self, fault):
        """Plant a fault.

        Returns:
            The words with which the check refused it.

        Raises:
            FaultError: If anything else happened.
        """
        if self.broken:
            cell_id, wrong = self.broken
            raise FaultError(f"{self.name}: {cell_id}: fails without any fault: {wrong!r}")
        end, check = self.locate(fault.check)
        try:
            variants = self.plant(fault.changes)
        except PlantError as wrong:
            raise self.error(fault, wrong) from wrong
        rerun = self.affected(end, variants)
        beside = [self.ids[index] for index in variants if index not in rerun]
        if beside:
            raise self.error(fault, f"the check does not depend on cell {beside[0]}")
        sources = {index: variants.get(index, self.sources[index]) for index in rerun}
        namespace = self.fresh()
        for index in rerun:
            try:
                printed = self.execute(index, sources[index], namespace)
            except CheckFailed as refusal:
                culprit = self.check_in_traceback(refusal, sources)
                if culprit == check.name:
                    return str(refusal)
                raise self.error(fault, f"{culprit!r} refused it first: {refusal}") from refusal
            except Exception as wrong:  # whatever the changed notebook raises
                what = f"cell {self.ids[index]} raised {type(wrong).__name__}: {wrong}"
                raise self.error(fault, what) from wrong
        case_failed = rf"^{re.escape(check.name)}_solution: case \d+ failed.*"
        failed = re.search(case_failed, printed, re.MULTILINE)
        if check.kind == "exercise" and failed:
            return failed[0]
        raise self.error(fault, "nothing refused it: either the check or the fault is too weak")

    def error(self, fault, what):
        """Return a FaultError about one fault."""
        return FaultError(f"{self.name}: {fault.check!r}, planted {fault.planted!r}: {what}")

    def locate(self, name):
        """Return the index of the cell with a check of this name, and the check."""
        found = {}
        for index, source in enumerate(self.sources):
            for check in checks_in(source):
                if check.kind != "exercise" or self.ids[index].startswith("solution-"):
                    found[check.name] = index, check
        if name not in found:
            raise FaultError(f"{self.name}: no check {name!r}; there are: {', '.join(found)}")
        return found[name]

    def check_in_traceback(self, refusal, sources):
        """Return the name of the check that raised."""
        for frame in reversed(traceback.extract_tb(refusal.__traceback__)):
            for index, source in sources.items():
                if frame.filename == self.filename(index):
                    for check in checks_in(source):
                        if frame.lineno in check.lines:
                            return check.name
        return "an unknown check"
