"""Which values of a traced program may differ from lane to lane."""

from collections.abc import Sequence
from typing import Any

from jax.extend.core import Literal

INNER = ("jaxpr", "call_jaxpr")


def inner_program(eqn: Any) -> Any:
    """Return the program inside an equation that only calls one, or None."""
    if eqn.primitive.name in ("while", "scan", "cond"):
        return None
    for name in INNER:
        if name in eqn.params:
            return open_program(eqn.params[name])
    return None


def open_program(program: Any) -> Any:
    """Return a program without its constants."""
    return getattr(program, "jaxpr", program)


_answers: dict[tuple[int, tuple[bool, ...]], tuple[Any, list[bool]]] = {}


_makers: dict[int, tuple[Any, dict[Any, tuple[Any, int]]]] = {}


def forget() -> None:
    """Drop what was found about programs: loops in loops ask the same again and again."""
    _answers.clear()
    _makers.clear()


def varying_results(program: Any, given: Sequence[bool]) -> list[bool]:
    """Return which results may differ from lane to lane.

    Args:
        program: Traced, without its constants.
        given: Which inputs may; constants never do.
    """
    key = id(program), tuple(given)
    if key not in _answers:
        _answers[key] = program, _results(program, given)
    return _answers[key][1]


def _results(program: Any, given: Sequence[bool]) -> list[bool]:
    known = dict(zip(program.invars, given, strict=True))

    def read(var: Any) -> bool:
        return False if isinstance(var, Literal) else known.get(var, False)

    for eqn in program.eqns:
        known.update(zip(eqn.outvars, _equation(eqn, [read(var) for var in eqn.invars]), strict=True))
    return [read(var) for var in program.outvars]


def _equation(eqn: Any, given: list[bool]) -> list[bool]:
    if eqn.primitive.name == "while":
        return varying_while(eqn, given)
    if eqn.primitive.name == "scan":
        return varying_scan(eqn, given)[1]
    program = inner_program(eqn)
    if program is not None:
        return varying_results(program, given)
    return [any(given)] * len(eqn.outvars)


def varying_while(eqn: Any, given: list[bool]) -> list[bool]:
    """Return which carried values of a while loop may differ: all that change, if its end may."""
    tests, bodies = eqn.params["cond_nconsts"], eqn.params["body_nconsts"]
    test, body = open_program(eqn.params["cond_jaxpr"]), open_program(eqn.params["body_jaxpr"])
    tables = updated_in_place(body, body.invars[bodies:], body.outvars)
    carried = [a or b for a, b in zip(given[tests + bodies :], tables, strict=True)]
    while True:
        ends = varying_results(test, [*given[:tests], *carried])[0]
        found = varying_results(body, [*given[tests : tests + bodies], *carried])
        kept = [out is var for out, var in zip(body.outvars, body.invars[bodies:], strict=True)]
        found = [
            before or (not same and (after or ends))
            for before, after, same in zip(carried, found, kept, strict=True)
        ]
        if found == carried:
            return carried
        carried = found


def varying_scan(eqn: Any, given: list[bool]) -> tuple[list[bool], list[bool]]:
    """Return which carried values of a counted loop may differ, and which of its results."""
    constants, count = eqn.params["num_consts"], eqn.params["num_carry"]
    body = open_program(eqn.params["jaxpr"])
    tables = updated_in_place(body, body.invars[constants : constants + count], body.outvars[:count])
    carried = [a or b for a, b in zip(given[constants : constants + count], tables, strict=True)]
    while True:
        results = varying_results(body, [*given[:constants], *carried, *given[constants + count :]])
        found = [a or b for a, b in zip(carried, results[:count], strict=True)]
        if found == carried:
            # What is collected lies in memory, a number for each lane.
            return carried, [*carried, *(True for _ in results[count:])]
        carried = found


def updated_in_place(program: Any, invars: Sequence[Any], outvars: Sequence[Any]) -> list[bool]:
    """Return which carried values of a loop's body are tables of which only parts are replaced.

    Args:
        program: The body.
        invars: Carried, going in.
        outvars: Carried, coming out.
    """
    if id(program) not in _makers:
        made = {out: (eqn, k) for eqn in program.eqns for k, out in enumerate(eqn.outvars)}
        _makers[id(program)] = program, made
    made = _makers[id(program)][1]
    return [
        not isinstance(out, Literal) and out in made and _replaces(out, made, var)
        for var, out in zip(invars, outvars, strict=True)
    ]


def _replaces(out: Any, made: dict[Any, tuple[Any, int]], var: Any) -> bool:
    """Return whether a result is `var` with parts replaced."""
    eqn, k = made[out]
    name = eqn.primitive.name
    if name == "dynamic_update_slice":
        source = eqn.invars[0]
    elif name == "while":
        body = open_program(eqn.params["body_jaxpr"])
        tests, bodies = eqn.params["cond_nconsts"], eqn.params["body_nconsts"]
        if not updated_in_place(body, body.invars[bodies:], body.outvars)[k]:
            return False
        source = eqn.invars[tests + bodies + k]
    elif name == "scan":
        body, constants = open_program(eqn.params["jaxpr"]), eqn.params["num_consts"]
        count = eqn.params["num_carry"]
        if k >= count:
            return False
        carried = body.invars[constants : constants + count]
        if not updated_in_place(body, carried, body.outvars[:count])[k]:
            return False
        source = eqn.invars[constants + k]
    else:
        program = inner_program(eqn)
        if program is None or isinstance(program.outvars[k], Literal):
            return False
        found = [
            eqn.invars[j]
            for j, inner in enumerate(program.invars)
            if updated_in_place(program, [inner], [program.outvars[k]])[0]
        ]
        if not found:
            return False
        source = found[0]
    return source is var or (
        not isinstance(source, Literal) and source in made and _replaces(source, made, var)
    )
