"""What a cell's code reads, binds and may change, found without running it."""

import ast
import builtins
import dataclasses
import dis
from functools import cache
from types import CodeType

from tools.shared.cells import calls_in, parse

# Methods that leave their object as it was, so far as another cell can tell.
HARMLESS = set(
    "all any argmax astype compute_output_shape copy count count_params evaluate flatten format "
    "get get_config get_layer get_weights index item items join keys max mean min numpy pick "
    "predict ravel reshape round split std sum summary tolist transpose values".split()
)


@dataclasses.dataclass(frozen=True)
class Footprint:
    """How a piece of code and the names of other cells hang together.

    Attributes:
        reads: Names that it uses but has not bound before.
        binds: Names that it binds at the top level.
        loops: Those of `binds` that are variables of a for loop or a with statement.
        changes: Those of `reads` whose object may be another afterwards: a method is called on
            it, or an item or an attribute of it is assigned.
        calls: (function, arguments) of each call of a plain name; the arguments are names by
            position or keyword.
        functions: For each function defined, the positions and names of the parameters that it
            changes.
    """

    reads: frozenset
    binds: frozenset
    loops: frozenset
    changes: frozenset
    calls: tuple
    functions: dict

    def handed(self, functions):
        """Return the names that its calls hand to a parameter that the function changes.

        Args:
            functions: `functions` of all cells together.
        """
        return {
            name
            for function, arguments in self.calls
            for place, name in arguments
            if place in functions.get(function, ())
        }


@cache
def footprint(source):
    """Return the footprint of a cell's source."""
    tree = parse(source)
    reads, binds = names_in(compile(tree, "cell", "exec"))
    loops = [node.target for node in ast.walk(tree) if isinstance(node, ast.For)]
    loops += [node.optional_vars for node in ast.walk(tree) if isinstance(node, ast.withitem)]
    loops = [name for loop in loops if loop for name in ast.walk(loop)]
    functions = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
            changed = changed_names(node) - copied_names(node)
            functions[node.name] = {
                key for place in enumerate(names) if place[1] in changed for key in place
            }
    return Footprint(
        reads=frozenset(reads),
        binds=frozenset(binds),
        loops=frozenset(name.id for name in loops if isinstance(name, ast.Name)),
        changes=frozenset(changed_names(tree) & reads),
        calls=tuple(
            (call.func.id, tuple(named_arguments(call)))
            for call in calls_in(tree)
            if isinstance(call.func, ast.Name)
        ),
        functions=functions,
    )


def named_arguments(call):
    """Return (position or keyword, name) for the arguments of a call that are plain names."""
    places = [*enumerate(call.args), *((keyword.arg, keyword.value) for keyword in call.keywords)]
    return [(place, value.id) for place, value in places if isinstance(value, ast.Name)]


def names_in(code: CodeType):
    """Return the names that compiled code reads from outside, and those it binds.

    The order of the bytecode is the order of execution, so a name that is bound first and read
    later is not read from outside.
    """
    reads, binds = set(), set()
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("STORE_NAME", "STORE_GLOBAL"):
            binds.add(instruction.argval)
        elif instruction.opname in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            reads |= {instruction.argval} - binds
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            reads |= names_in(constant)[0] - binds
    return reads, binds


def changed_names(tree):
    """Return the names at the root of what a piece of code may change in place."""
    changed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            method = node.func
            if isinstance(method, ast.Attribute) and method.attr not in HARMLESS:
                changed.add(root(method))
        elif isinstance(node, ast.AugAssign):
            changed.add(root(node.target))
        elif not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            if not isinstance(node, ast.Name):
                changed.add(root(node))
    return changed - {None}


def copied_names(function):
    """Return the parameters that a function copies, `name = name.copy()`, before it changes them.

    Only assignments to plain names may stand before that.
    """
    copied, changed = set(), set()
    for statement in function.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            break
        name = statement.targets[0].id
        if ast.unparse(statement.value) == f"{name}.copy()" and name not in changed:
            copied.add(name)
        changed |= changed_names(statement)
    return copied


def root(node):
    """Return the name that an expression such as `a.b[c](d).e` starts with, or None."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def fixed_names(source):
    """Return the names of modules, functions and classes bound in a cell, and Python's own.

    No method call changes what they name.
    """
    names = set(dir(builtins))
    for node in ast.walk(parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return names
