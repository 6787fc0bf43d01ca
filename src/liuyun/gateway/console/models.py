"""What all bodies of the console's API have in common: JSON's way of naming, and bounds."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from liuyun.errors import Phrase, written

LARGEST = 2**53 - 1  # what JavaScript counts exactly, and the database holds
Segment = Annotated[str, Path(min_length=1, max_length=256)]  # a name in an address


class PhraseView(BaseModel):
    """What the platform says: `text` for people who read English, the rest for programs and other languages."""

    code: str = Field(description="Names the phrase; it never changes.")
    parameters: dict[str, Any] = Field(
        description="What stands in it, by name: numbers, texts and phrases of this form."
    )
    text: str


def phrase_view(said: Phrase) -> PhraseView:
    return PhraseView.model_validate(written(said))


class Body(BaseModel):
    """Sent in camelCase; unknown members of a request are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", from_attributes=True)
