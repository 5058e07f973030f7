"""Two block tridiagonal systems solved side by side in machine code: a smoother's level and vertical axes.

LAPACK's banded Cholesky spends most of its time on calls that handle five numbers each. Here blocks of three
stay in registers, with one system in each lane of a vector.

Source: Golub & Van Loan 2013, Matrix Computations, sec. 4.1 (LDL') and 4.5 (block tridiagonal systems).
"""

import ctypes
from collections.abc import Callable, Iterable
from functools import cache
from itertools import product

import numpy as np
from jaxtyping import Float

from precipice.simulation.native.element import UNIFORM, VARYING, Code, Element, constant

_LANES, _ORDER, _SIDES = 2, 3, 2
_BLOCK = range(_ORDER)
_LOWER = [(i, j) for i in _BLOCK for j in range(i + 1)]
_BELOW = [(i, j) for i, j in _LOWER if i > j]
_KEPT = [("below", *place) for place in _BELOW] + [("next", *place) for place in product(_BLOCK, _BLOCK)]
"""Numbers of a row's factor that the way back needs: below the diagonal, and the block to the next row."""


def solve_two(
    bands: Float[np.ndarray, "6 n 3"],
    weight: Float[np.ndarray, "3 2 n"],
    right: Float[np.ndarray, "3 3 n"],
) -> Float[np.ndarray, "3 3 n"]:
    """Return the solutions of two positive definite systems of the same bands and their own diagonals.

    The first system has two right sides, the second has one.

    Args:
        bands: Lower bands of both matrices; band b of column 3 k + j is `bands[b, k, j]`.
        weight: Added to the diagonal of each: order j, system, row k.
        right: Order, side (the first system's two, then the second's), row.

    Returns:
        Order, side, row.

    Raises:
        numpy.linalg.LinAlgError: If a matrix is not positive definite.
    """
    rows = bands.shape[1]
    if rows == 0:
        return np.zeros((_ORDER, 3, 0))
    bands, weight = np.ascontiguousarray(bands), np.ascontiguousarray(weight)
    solved = np.array(right, order="C")
    factor, least = np.empty((rows, len(_KEPT), _LANES)), np.empty(_LANES)
    _code()(rows, *(array.ctypes.data for array in (bands, weight, solved, factor, least)))
    if not (least > 0.0).all():
        raise np.linalg.LinAlgError("the matrix is not positive definite")
    return solved


@cache
def _code() -> Callable[..., None]:
    """Return the function, compiled once a process in some hundredths of a second."""
    from precipice.simulation.native.kernel import compile_text, load_function

    kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 5)
    return load_function(compile_text(_Text().module()), "solve", kind)


class _Text:
    """The function's text: a way down the rows that factorises, and a way back that substitutes."""

    def __init__(self) -> None:
        self.code = Code(_LANES)

    def module(self) -> str:
        """Return the module with its one function, `solve`."""
        c = self.code
        c.act(f"%columns = mul i64 %rows, {_ORDER}")
        least = self._states([()], float("inf"))
        matrix, sides = self._states(_LOWER, 0.0), self._states(product(_BLOCK, range(_SIDES)), 0.0)
        self._loop(lambda row: self._down(row, matrix, sides, least[()]), first="0", step=1)
        c.act(f"store <2 x double> {self._get(least[()]).value}, ptr %least, align 8")
        solved = self._states(product(_BLOCK, range(_SIDES)), 0.0)
        last = c.write("sub i64 %rows, 1")
        self._loop(lambda row: self._back(row, solved), first=last, step=-1)
        arguments = ", ".join(
            f"ptr noalias %{name}" for name in ("bands", "weight", "right", "factor", "least")
        )
        head = f"define void @solve(i64 %rows, {arguments}) nounwind {{"
        return "\n".join([*c.declared.values(), head, "entry:", *c.entry, *c.lines, "  ret void", "}"])

    def _down(self, row: str, matrix: dict, sides: dict, least: str) -> None:
        """Write one row of the factorisation L D L', and what it takes from the next row."""
        c, scaled = self.code, self._blocks(row, matrix)
        kept: dict[tuple, Element] = {}
        pivots = []
        for j in _BLOCK:
            pivot = self._less_all(
                scaled["pivot", j, j], [(kept["below", j, k], scaled["below", j, k]) for k in range(j)]
            )
            self._set(least, c.smallest(pivot, self._get(least)))
            pivots.append(c.divide(constant(1.0, "double"), pivot))
            for name, i, _ in (place for place in _KEPT if place[2] == j):
                scaled[name, i, j] = self._less_all(
                    scaled[name, i, j], [(scaled[name, i, k], kept["below", j, k]) for k in range(j)]
                )
                kept[name, i, j] = c.multiply(scaled[name, i, j], pivots[j])
        for at, place in enumerate(_KEPT):
            self._write_factor(row, at, kept[place])
        for i, j in _LOWER:
            taken = [(kept["next", i, k], scaled["next", j, k]) for k in _BLOCK]
            self._set(matrix[i, j], self._less_all(constant(0.0, "double"), taken))
        self._down_sides(row, sides, kept, pivots)

    def _blocks(self, row: str, matrix: dict) -> dict[tuple, Element]:
        """Return a row's numbers before it is factorised: on and below the diagonal, and to the next row.

        What lies below a pivot is first kept times that pivot, then divided by it.
        """
        c, found = self.code, {}
        for i, j in _LOWER:
            number = c.add(self._get(matrix[i, j]), self._band(row, i - j, j))
            if i == j:
                number = c.add(number, self._read_lanes("weight", row, [2 * i, 2 * i + 1]))
            found["pivot" if i == j else "below", i, j] = number
        for i, j in product(_BLOCK, _BLOCK):
            found["next", i, j] = self._band(row, _ORDER + i - j, j)
        return found

    def _down_sides(self, row: str, sides: dict, kept: dict, pivots: list[Element]) -> None:
        c = self.code
        for side in range(_SIDES):
            y: list[Element] = []
            for j in _BLOCK:
                given = self._read_lanes("right", row, _places(j, side))
                found = c.add(self._get(sides[j, side]), given)
                y.append(self._less_all(found, [(kept["below", j, k], y[k]) for k in range(j)]))
                self._write_lanes("right", row, _places(j, side), c.multiply(y[j], pivots[j]))
            for i in _BLOCK:
                taken = [(kept["next", i, k], y[k]) for k in _BLOCK]
                self._set(sides[i, side], self._less_all(constant(0.0, "double"), taken))

    def _back(self, row: str, solved: dict) -> None:
        """Write one row of the way back."""
        kept = {place: self._read_factor(row, at) for at, place in enumerate(_KEPT)}
        for side in range(_SIDES):
            after = [self._get(solved[i, side]) for i in _BLOCK]
            x: dict[int, Element] = {}
            for j in reversed(_BLOCK):
                taken = [(kept["next", i, j], after[i]) for i in _BLOCK]
                taken += [(kept["below", i, j], x[i]) for i in range(j + 1, _ORDER)]
                x[j] = self._less_all(self._read_lanes("right", row, _places(j, side)), taken)
                self._write_lanes("right", row, _places(j, side), x[j])
                self._set(solved[j, side], x[j])

    # ---------------------------------------------------------------- numbers

    def _less_all(self, a: Element, products: Iterable[tuple[Element, Element]]) -> Element:
        """Return a number less products, each taken off with one rounding."""
        for b, c in products:
            a = self.code.fused(self.code.negative(b), c, a)
        return a

    def _at(self, array: str, begin: str, more: str) -> str:
        """Return the address of a number of an array."""
        c = self.code
        return c.write(f"getelementptr double, ptr %{array}, i64 {c.write(f'add i64 {begin}, {more}')}")

    def _band(self, row: str, band: int, column: int) -> Element:
        """Return a number of the bands, the same for both systems."""
        c = self.code
        first = c.write(f"mul i64 %columns, {band}")
        within = c.write(f"add i64 {c.write(f'mul i64 {row}, {_ORDER}')}, {column}")
        value = c.write_anew(f"load double, ptr {self._at('bands', first, within)}, align 8")
        return Element(value, UNIFORM, "double")

    def _read_lanes(self, array: str, row: str, places: list[int]) -> Element:
        """Return numbers of the rows of an array, one for each lane; zero in lanes that are not named."""
        c, wide = self.code, f"<{_LANES} x double>"
        value = "zeroinitializer"
        for lane, place in enumerate(places):
            at = self._at(array, c.write(f"mul i64 %rows, {place}"), row)
            one = c.write_anew(f"load double, ptr {at}, align 8")
            value = c.write_anew(f"insertelement {wide} {value}, double {one}, i32 {lane}")
        return Element(value, VARYING, "double")

    def _write_lanes(self, array: str, row: str, places: list[int], value: Element) -> None:
        c, wide = self.code, f"<{_LANES} x double>"
        for lane, place in enumerate(places):
            at = self._at(array, c.write(f"mul i64 %rows, {place}"), row)
            one = c.write_anew(f"extractelement {wide} {value.value}, i32 {lane}")
            c.act(f"store double {one}, ptr {at}, align 8")

    def _factor(self, row: str, at: int) -> str:
        begin = self.code.write(f"mul i64 {row}, {len(_KEPT) * _LANES}")
        return self._at("factor", begin, str(at * _LANES))

    def _read_factor(self, row: str, at: int) -> Element:
        value = self.code.write_anew(f"load <{_LANES} x double>, ptr {self._factor(row, at)}, align 8")
        return Element(value, VARYING, "double")

    def _write_factor(self, row: str, at: int, value: Element) -> None:
        self.code.act(f"store <{_LANES} x double> {value.value}, ptr {self._factor(row, at)}, align 8")

    # ---------------------------------------------------------------- what goes from row to row

    def _states(self, places: Iterable, first: float) -> dict:
        """Return names of numbers that are handed from row to row, by place."""
        c, found = self.code, {}
        for place in places:
            name = found[place] = c.name("%s")
            c.entry.append(f"  {name} = alloca <{_LANES} x double>, align 16")
            c.act(f"store <{_LANES} x double> {c.operand(constant(first, 'double'), VARYING)}, ptr {name}")
        return found

    def _get(self, name: str) -> Element:
        value = self.code.write_anew(f"load <{_LANES} x double>, ptr {name}")
        return Element(value, VARYING, "double")

    def _set(self, name: str, value: Element) -> None:
        self.code.act(f"store <{_LANES} x double> {self.code.operand(value, VARYING)}, ptr {name}")

    def _loop(self, body: Callable[[str], None], first: str, step: int) -> None:
        """Write a loop over all rows."""
        c = self.code
        place = c.name("%row")
        c.entry.append(f"  {place} = alloca i64")
        c.act(f"store i64 {first}, ptr {place}")
        head, end = c.name("loop"), c.name("end")
        c.act(f"br label %{head}")
        c.label(head)
        c.enter()
        row = c.write_anew(f"load i64, ptr {place}")
        body(row)
        following = c.write(f"add i64 {row}, {step}")
        c.act(f"store i64 {following}, ptr {place}")
        # Counted as unsigned, -1 is past the end, too.
        again = c.write(f"icmp ult i64 {following}, %rows")
        c.leave()
        c.act(f"br i1 {again}, label %{head}, label %{end}")
        c.label(end)


def _places(order: int, side: int) -> list[int]:
    """Return which rows of the right sides the lanes hold: the second system has no second side."""
    first = _ORDER * order
    return [first, first + 2] if side == 0 else [first + 1]
