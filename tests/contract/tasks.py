"""Rules on what the learner does: exercises and questions."""

import ast
import re

from tests.contract.lesson import tags
from tests.contract.numbers import NUMBER
from tests.contract.rules import weekly
from tools.shared.cells import checks_in, printed


@weekly
def exercises(lesson):
    """There are 6 to 8 exercises: stub, check and folded solution, each as it should print."""
    stubs = [cell for cell in lesson.code if re.fullmatch(r"exercise-\d+", cell.id)]
    if [cell.id for cell in stubs] != [f"exercise-{n + 1}" for n in range(len(stubs))]:
        yield "exercises", "number the exercises: exercise-1, exercise-2, …"
    least = 3 if lesson.draft else 6
    if not least <= len(stubs) <= 8:
        yield "exercises", f"{len(stubs)} exercises; write {least} to 8"
    for stub in stubs:
        number = stub.id.partition("-")[2]
        at = lesson.cells.index(stub)
        check, solution, *_ = [*lesson.cells[at + 1 : at + 3], None, None]
        wanted = [f"exercise-{number}-check", f"solution-{number}"]
        if [cell and cell.id for cell in (check, solution)] != wanted:
            yield stub.id, f"let the cells {' and '.join(wanted)} follow"
            continue
        yield from exercise(number, check, solution)


def exercise(number, check, solution):
    """Yield what is wrong with one exercise's check and solution."""
    calls = [
        [c for c in checks_in(cell.source) if c.kind == "exercise"] for cell in (check, solution)
    ]
    if [len(found) for found in calls] != [1, 1]:
        yield check.id, "call checks.exercise once here and once at the end of the solution"
        return
    (asked,), (answered,) = calls
    wanted = ast.unparse(asked.call).replace(asked.name, f"{asked.name}_solution", 1)
    if ast.unparse(answered.call) != wanted:
        yield solution.id, f"end the solution in the check's own call: {wanted}"
    if printed(check) != f"{asked.name}: not attempted yet\n":
        yield check.id, "let the stub return None, so that the check prints: not attempted yet"
    if not re.search(r": passed (\d+) of \1 cases\n$", printed(solution)):
        yield solution.id, "the solution does not pass all cases of its check"
    if not solution.source.startswith(f"# @title Solution {number}\n"):
        yield solution.id, f"start the solution with: # @title Solution {number}"
    if "hide-cell" not in tags(solution) or solution.metadata.get("cellView") != "form":
        yield solution.id, "fold the solution: tag hide-cell, metadata cellView: form"


@weekly
def questions(lesson):
    """Check yourself asks questions that the site can mark, and explains the answers."""
    asked, left = lesson.questions()
    if re.search(r"<details|^\*\*\d", left, re.MULTILINE):
        yield (
            "questions",
            "write each question as **1. …?**, options - A. …, and its answer in "
            "<details><summary>Answer</summary>, with blank lines in between; not so is: "
            + re.search(r"(<details|^\*\*\d).*", left, re.MULTILINE)[0][:60],
        )
    if [question.number for question in asked] != list(range(1, len(asked) + 1)):
        yield "questions", "number the questions 1, 2, 3, …"
    for question in asked:
        for what in choice(question) if question.options else number(question):
            yield "questions", f"question {question.number}: {what}"
    marked = [question for question in asked if question.right]
    rights = {question.right for question in marked if question.options}
    least = 5 if lesson.draft else 8
    if len(marked) < least:
        yield "questions", f"the site can mark {len(marked)} questions; write {least} or more such"
    if len(rights) < 2:
        yield "questions", "ask some choices, and let different letters be right"
    if all(question.options for question in marked):
        yield "questions", "ask for a number, too: **73,856**<!-- =name --> begins the answer"


def choice(question):
    """Yield what is wrong with a question that has options."""
    letters = "ABCDEFGH"[: len(question.options)]
    if "".join(letter for letter, _ in question.options) != letters or len(letters) < 3:
        yield "write three options or more: - A. …, - B. …, - C. …"
    elif question.right is None or question.right not in letters:
        yield "begin the answer with the letter of the right option: **B.**"
    elif sorted(question.reasons) != sorted(set(letters) - {question.right}):
        yield "say for each wrong option, and for no other, what is wrong: - Not A: …"


def number(question):
    """Yield what is wrong with a question without options."""
    bound = re.match(rf"\*\*{NUMBER}(\s*%|\s+[^\W\d]+)?\*\*<!--\s*=(.+?)\s*-->", question.answer)
    if question.right and (not bound or bound[2] == "given"):
        yield "bind the number that answers it to a fact: **73,856**<!-- =name -->"
