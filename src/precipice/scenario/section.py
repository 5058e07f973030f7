"""What all sections of a scenario share: frozen, unknown keys refused, and ways to walk through them."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, TypeGuard, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from precipice.scenario.kind import ALL


def is_table(raw: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a piece of the file is a table."""
    return isinstance(raw, Mapping)


def is_list(raw: object) -> TypeGuard[tuple[Any, ...]]:
    """Return whether a piece of the file is a list."""
    return isinstance(raw, tuple)


_MOST_ITEMS = 100
"""Items of a list that are worth a second look when the file is wrong."""


class AbstractSection(BaseModel):
    """A table of the scenario file."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)


class Only:
    """Marks a field that only some kinds of stunt have.

    Attributes:
        kinds: Those that may have it.
        needed: Those that must be given it.
    """

    def __init__(self, kinds: frozenset[str], needed: frozenset[str] = frozenset()) -> None:
        self.kinds = kinds
        self.needed = needed


def key_of(name: str, field: FieldInfo) -> str:
    """Return how a field is written in the file; `from_` is written `from`."""
    return field.alias or name


def only_of(field: FieldInfo) -> Only:
    """Return which kinds have a field."""
    return next((mark for mark in field.metadata if isinstance(mark, Only)), Only(ALL))


def section_of(field: FieldInfo) -> type[AbstractSection] | None:
    """Return the section that a field holds, alone or as a list, or None for a leaf."""
    todo: list[Any] = [field.annotation]
    while todo:
        part = todo.pop()
        if isinstance(part, type) and issubclass(part, AbstractSection):
            return part
        todo.extend(get_args(part))
    return None


def measure_of(field: FieldInfo) -> str | None:
    """Return the dimension of a field that holds a quantity."""
    marks: list[Any] = [*field.metadata]
    for part in get_args(field.annotation):
        marks += getattr(part, "__metadata__", ())
    return next((mark.dimension for mark in marks if hasattr(mark, "dimension")), None)


def leaves(section: AbstractSection, kind: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every field below a section that a kind of stunt has, in the order of declaration.

    Args:
        section: Where to start.
        kind: Fields that this kind does not have are left out.
        prefix: Path of the section, with a dot at its end.

    Yields:
        Dotted path (lists as `surface.0.friction`) and value; absent fields are left out.
    """
    for name, key, kinds, holds_sections in _fields(type(section)):
        value = getattr(section, name)
        if value is None or kind not in kinds:
            continue
        path = prefix + key
        if isinstance(value, AbstractSection):
            yield from leaves(value, kind, path + ".")
        elif holds_sections:
            for index, item in enumerate(value):
                yield from leaves(item, kind, f"{path}.{index}.")
        else:
            yield path, value


@cache
def _fields(model: type[AbstractSection]) -> tuple[tuple[str, str, frozenset[str], bool], ...]:
    """Return name, key, kinds, and whether it holds sections, of every field; asking pydantic is slow."""
    return tuple(
        (name, key_of(name, field), only_of(field).kinds, section_of(field) is not None)
        for name, field in model.model_fields.items()
    )


def salvage(
    model: type[AbstractSection], raw: Mapping[str, Any], kind: str, prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield every field of a table that can be read, where the table as a whole cannot.

    Lets rules between fields be checked while other fields are still wrong.

    Args:
        model: What the table should be.
        raw: The table as read.
        kind: Of stunt; fields that it does not have are left out.
        prefix: Path of the table, with a dot at its end.

    Yields:
        Dotted path and value, as `leaves` does, defaults included; None for what cannot be read.
    """
    for name, field in model.model_fields.items():
        key = key_of(name, field)
        inner = section_of(field)
        if kind not in only_of(field).kinds:
            continue
        if inner is None:
            yield prefix + key, _read(_reader(model, name), raw.get(key, _default(field)))
        elif is_table(value := raw.get(key)):
            yield from salvage(inner, value, kind, f"{prefix}{key}.")
        elif is_list(value):
            for index, item in enumerate(value[:_MOST_ITEMS]):
                if is_table(item):
                    yield from salvage(inner, item, kind, f"{prefix}{key}.{index}.")


def _default(field: FieldInfo) -> Any:
    return None if field.is_required() else field.get_default(call_default_factory=True, validated_data={})


@cache
def _reader(model: type[AbstractSection], name: str) -> Callable[[Any], Any]:
    field = model.model_fields[name]
    form: Any = field.annotation
    if field.metadata:
        form = Annotated[(form, *field.metadata)]  # pyright: ignore[reportInvalidTypeForm]
    adapter: TypeAdapter[Any] = TypeAdapter(form)
    return adapter.validate_python


def _read(reader: Callable[[Any], Any], raw: object) -> Any:
    try:
        return None if raw is None else reader(raw)
    except ValidationError:
        return None
