"""What all bodies of the console's API have in common: JSON's way of naming, and bounds."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

LARGEST = 2**53 - 1  # what JavaScript counts exactly, and the database holds
Segment = Annotated[str, Path(min_length=1, max_length=256)]  # a name in an address


class Body(BaseModel):
    """Sent in camelCase; unknown members of a request are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", from_attributes=True)
