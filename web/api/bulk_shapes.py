"""What a deed on many cases asks for in JSON: which cases, and what is the same for all of them."""

from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from cases.worklist import Filters
from models.case import CaseState
from models.files import FileSort
from models.verdict import Confidence, Kind
from web.api.case_routes import asked_filters, asked_narrowing
from web.desk.many.letters import LETTERS
from web.desk.many.plans import MOST

_Word = Annotated[str, Field(max_length=200)]
_Words = Annotated[str, Field(max_length=20_000)]
_Letter = Literal[tuple(LETTERS)]  # type: ignore[valid-type]
_CHOOSING = {"cases", "filter", "dry_run"}
_OWN: dict[str, dict[str, Any]] = {
    "assign": {"to": (_Word, Field(description='A name; "" for nobody.', serialization_alias="value"))},
    "tag": {"tag": (_Word, Field(min_length=1, serialization_alias="value"))},
    "untag": {"tag": (_Word, Field(min_length=1, serialization_alias="value"))},
    "correct": {"kinds": (list[Kind], Field(min_length=1, serialization_alias="labels"))},
    "letter": {
        "letter": (_Letter, Field(description="Information and extensions need words in one language.")),
        "text": (_Words, ""),
        "language": (_Word, Field(default="", description="That your words are in: others are left out.")),
        "why": (_Words, Field(default="", description="A reason for colleagues, of an extension.")),
    },
}
"""What is filled in for all, by deed; the others need nothing."""


class CaseFilter(BaseModel):
    """The filters of the list of cases."""

    model_config = ConfigDict(extra="forbid")

    status: CaseState | Literal["all"] | None = Field(default=None, description="Else those that are not ended.")
    kind: Kind | None = None
    due: Literal["overdue", "today", "3", "7", "waiting"] | None = None
    owner: _Word = ""
    q: _Word = ""
    review: bool = False
    files: FileSort | Literal["some"] | None = None
    confidence: Confidence | None = None
    target: Literal["passed", "within_3_days"] | None = None
    bounced: bool = False
    held: bool = False
    replied: bool = False
    deletion: bool = False

    def filters(self, organisation: str) -> Filters:
        """Return them as the queue knows them, for one organisation, or for all of ''."""
        more = asked_narrowing(
            self.files,
            self.confidence,
            self.target,
            bounced=self.bounced,
            held=self.held,
            replied=self.replied,
            deletion=self.deletion,
        )
        filters = asked_filters(more, self.status, self.kind, self.due, self.owner, self.q, review=self.review)
        return replace(filters, organisation=organisation)


class Chosen(BaseModel):
    """Which cases are chosen: by reference, or by a filter."""

    model_config = ConfigDict(extra="forbid")

    cases: list[Annotated[str, Field(max_length=40)]] | None = Field(
        default=None, min_length=1, max_length=MOST, description="References."
    )
    filter: CaseFilter | None = Field(default=None, description="All that fit now, instead of references.")
    dry_run: bool = Field(default=False, description="Only plan it: carry it out by the number of the plan.")

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        if (self.cases is None) == (self.filter is None):
            raise ValueError("name either cases or a filter")
        return self

    def for_all(self) -> dict[str, Any]:
        """Return what is the same for all cases, by the names of the desk's form."""
        return self.model_dump(mode="json", by_alias=True, exclude=_CHOOSING)


def chosen_for(deed: str) -> type[Chosen]:
    """Return the model of the body of a deed on many cases."""
    name = f"Many{''.join(part.title() for part in deed.split('_'))}"
    return create_model(name, __base__=Chosen, **_OWN.get(deed, {}))
