"""Plant small mistakes in a week's hand-written algorithms: `make mutants NB=c4w2 [COUNT=100]`.

Each mutant is one slip that a hand makes: a sign, an index off by one, another axis, `max` for
`min`, a transpose left out, a sum for a mean, `<` for `<=`. It is refused where a check fails, a
cell raises, or a printed line differs but for what stands behind ≈. A mutant that survives is a
line of the lesson that nothing on the page pins down: give a check inputs that tell the two apart
(sides that differ, odd sizes, batches of more than one).

Planted are functions of the lesson's open code. What draws or trains is left out, and so is the
re-run of slow cells. Prints a table and the survivors.
"""

import argparse
import ast
import random
import re
import time

from tools.shared.cells import parse
from tools.shared.notebooks import APPROXIMATE, MASKED, find_all, read, start_offline
from tools.shared.planting import Replay

SLOW = 2.0  # seconds of a cell that is not run again
FOLDED = ("hide-input", "hide-cell")
NO_LESSON = re.compile(r"\.fit\(|\bplt\.|\bax\.|\baxes\b|plots\.|perf_counter|apply_gradients")

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
NAMES = {
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum",
    "argmax": "argmin", "argmin": "argmax", "sum": "mean", "mean": "sum", "var": "std",
    "std": "var", "zeros": "ones", "ones": "zeros", "floor": "ceil", "ceil": "floor",
}  # fmt: skip


def mutants_of(source):
    """Return (line, slip in words, changed source) for each slip in the functions of a cell."""
    found = []
    for function in (n for n in ast.walk(parse(source)) if isinstance(n, ast.FunctionDef)):
        if NO_LESSON.search(ast.get_source_segment(source, function) or ""):
            continue
        for statement in function.body:
            for node in ast.walk(statement):
                for old, new in slips(node, source):
                    changed = replace(source, node, new)
                    if changed != source and old != new:
                        found.append((node.lineno, f"{old} → {new}", changed))
    return list({changed: (line, words, changed) for line, words, changed in found}.values())


def slips(node, source):
    """Yield (code, code with a slip) for one expression."""
    old = ast.get_source_segment(source, node) if hasattr(node, "lineno") else None
    if old is None:
        return
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        changed = ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        yield old, f"({ast.unparse(changed)})"
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        ops = [OPERATORS[type(node.ops[0])](), *node.ops[1:]]
        yield old, f"({ast.unparse(ast.Compare(node.left, ops, node.comparators))})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield old, f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield old, f"({ast.unparse(node.value)})"
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield old, ast.unparse(ast.Attribute(node.value, NAMES[node.attr], node.ctx))
    elif isinstance(node, ast.Name) and node.id in ("max", "min"):
        yield old, NAMES[node.id]
    elif isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 10:
        yield old, str(node.value + 1)
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
                text = ast.get_source_segment(source, keyword.value)
                if text in ("0", "1"):
                    yield old, re.sub(rf"axis={text}\b", f"axis={1 - int(text)}", old, count=1)


def replace(source, node, new):
    """Return a source with one expression replaced."""
    lines = source.splitlines(keepends=True)

    def offset(line, column):
        before = sum(map(len, lines[: line - 1]))
        return before + len(lines[line - 1].encode()[:column].decode())

    start, end = offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)
    return source[:start] + new + source[end:]


class Judge(Replay):
    """Executes a notebook once, keeps what each cell printed and its seconds, and tries mutants."""

    def __init__(self, name, cells):
        """Execute the notebook."""
        self.printed, self.seconds = {}, {}
        super().__init__(name, cells)

    def execute(self, index, source, namespace):
        """Run a cell; the first time, keep what it printed and how long it took."""
        started = time.perf_counter()
        printed = re.sub(APPROXIMATE, MASKED, super().execute(index, source, namespace))
        self.seconds.setdefault(index, time.perf_counter() - started)
        self.printed.setdefault(index, printed)
        return printed

    def refusal(self, index, source):
        """Return what refuses a mutant of a cell, in words, or None where nothing does."""
        variants = {index: source}
        rerun = set()
        for end in range(index, len(self.sources)):
            if self.printed[end] or end == index:
                rerun |= set(self.affected(end, variants))
        names = self.fresh()
        for one in sorted(rerun):
            if self.seconds[one] > SLOW:
                continue
            try:
                printed = self.execute(one, variants.get(one, self.sources[one]), names)
            except Exception as error:  # a check's refusal, or whatever the mutant raises
                return f"{self.ids[one]}: {type(error).__name__}"
            if printed != self.printed[one]:
                return f"{self.ids[one]}: prints something else"
        return None


def survey(path, count, seed):
    """Try a week's mutants, print the survivors, and return (refused, tried)."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    judge = Judge(path.name, [(cell.id, cell.source) for cell in cells])
    if judge.broken:
        raise SystemExit(f"{path.name}: cell {judge.broken[0]} fails: {judge.broken[1]!r}")
    found = [
        (index, *mutant)
        for index, cell in enumerate(cells)
        if not set(FOLDED) & set(cell.metadata.get("tags", []))
        and not re.match(r"(exercise|solution)-", cell.id)
        for mutant in mutants_of(cell.source)
    ]
    tried = random.Random(seed).sample(found, min(count or len(found), len(found)))
    survivors = [
        (judge.ids[index], line, words)
        for index, line, words, source in sorted(tried)
        if judge.refusal(index, source) is None
    ]
    for cell_id, line, words in survivors:
        print(f"    {cell_id}, line {line}: {words}")
    refused = len(tried) - len(survivors)
    share = f"{refused / len(tried):.0%}" if tried else "none to try"
    print(f"{path.name}: {refused} of {len(tried)} refused ({share}), {len(found)} possible")
    return refused, len(tried)


def main():
    """Survey the notebooks of the weeks named on the command line."""
    start_offline("tools.verify.mutants")
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("weeks", nargs="+", help="such as c4w2")
    parser.add_argument("--count", type=int, default=100, help="how many to try; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn")
    arguments = parser.parse_args()
    for path in find_all(arguments.weeks):
        survey(path, arguments.count, arguments.seed)


if __name__ == "__main__":
    main()
