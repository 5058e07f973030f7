"""Parts that only some kinds of stunt have."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

Part = TypeVar("Part")

if TYPE_CHECKING:
    Maybe: TypeAlias = Annotated[Part, "None where the kind of stunt has no such part"]
else:
    Maybe = Part | None
"""A part that is None where the kind of stunt has none.

The stages of a kind read only what it has, so a type checker may take it as given; reading an absent
part fails while the program is traced, never in flight.
"""
