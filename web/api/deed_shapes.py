"""What a deed asks for in JSON, made from its form: one list of deeds for people and programs."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from web.desk.forms import Field as FormField
from web.desk.forms import Filled, Form, Widget
from web.desk.pages import clean

_LONGEST = {Widget.TEXT: 20_000}
_STEM: dict[str, Any] = {
    "override": Annotated[str, Field(max_length=2000, description="Set aside the rules that may be, for this reason.")],
    "second": Annotated[str, Field(max_length=80, description="The second person, where a rule asks for two.")],
}


def shape_of(form: Form) -> type[BaseModel]:
    """Return the model of a deed's body: what its form asks for, and nothing else."""
    fields = {one.name: _typed(one) for one in form.fields} | {name: (kind, "") for name, kind in _STEM.items()}
    name = "".join(part.title() for part in form.name.split("_"))
    model: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
    return model


def filled_from(values: Mapping[str, object]) -> Filled:
    """Return the values of a body as if they had been filled into the form."""
    return {name: _texts(value) for name, value in values.items()}


def _typed(one: FormField) -> tuple[Any, Any]:
    """Return the type of a field and what it is where it is left out."""
    kinds: dict[Widget, tuple[Any, Any]] = {
        Widget.DAY: (date | None, None),
        Widget.TICK: (bool, False),
        Widget.SEVERAL: (list[_choice(one)], []),  # type: ignore[misc]
        Widget.CHOICE: (_choice(one) | None, None),
    }
    line = Annotated[str, Field(max_length=_LONGEST.get(one.widget, 2000))]
    kind, default = kinds.get(one.widget, (line, ""))
    told = Field(default=default, title=one.label, description=one.hint or None)
    if not one.is_required:
        return kind, told
    required = {Widget.DAY: date, Widget.CHOICE: _choice(one)}.get(one.widget, kind)
    return required, Field(title=one.label, description=one.hint or None)


def _choice(one: FormField) -> Any:
    return Literal[one.options] if one.options else Annotated[str, Field(max_length=200)]


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [clean(str(part)) for part in value]
    if isinstance(value, bool):
        return ["1"] if value else []
    return [] if value is None else [clean(str(value))]
