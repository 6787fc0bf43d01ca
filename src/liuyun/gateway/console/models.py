"""What all bodies of the console's API have in common: JSON's way of naming, and bounds."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Body(BaseModel):
    """Sent in camelCase; unknown members of a request are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", from_attributes=True)
