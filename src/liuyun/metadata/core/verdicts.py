"""What a value breaks of its schema, in the platform's words. The console's forms say the same while somebody types."""

from collections.abc import Mapping
from typing import Any

import msgspec

from liuyun.errors import Phrase, phrase

LONGEST = 300

# By keyword, which the code ends with; {value} is what stands there, {wanted} what the schema has under the keyword.
VERDICTS: Mapping[str, Phrase] = {
    "type": Phrase("value_type", "{value} is not of type {wanted}"),
    "enum": Phrase("value_enum", "{value} is not one of {wanted}"),
    "const": Phrase("value_const", "{value} is not {wanted}"),
    "minimum": Phrase("value_minimum", "{value} is less than the minimum of {wanted}"),
    "maximum": Phrase("value_maximum", "{value} is greater than the maximum of {wanted}"),
    "exclusiveMinimum": Phrase("value_exclusiveMinimum", "{value} is not greater than {wanted}"),
    "exclusiveMaximum": Phrase("value_exclusiveMaximum", "{value} is not less than {wanted}"),
    "multipleOf": Phrase("value_multipleOf", "{value} is not a multiple of {wanted}"),
    "minLength": Phrase("value_minLength", "{value} has fewer than {wanted} characters"),
    "maxLength": Phrase("value_maxLength", "{value} has more than {wanted} characters"),
    "pattern": Phrase("value_pattern", "{value} does not match {wanted}"),
    "required": Phrase("value_required", "{names} is missing"),
    "additionalProperties": Phrase("value_additionalProperties", "{names} is not among the properties of the schema"),
    "minItems": Phrase("value_minItems", "the list has fewer than {wanted} items"),
    "maxItems": Phrase("value_maxItems", "the list has more than {wanted} items"),
    "uniqueItems": Phrase("value_uniqueItems", "the list has the same item twice"),
    "minProperties": Phrase("value_minProperties", "it has fewer than {wanted} properties"),
    "maxProperties": Phrase("value_maxProperties", "it has more than {wanted} properties"),
}
OTHER = Phrase("value_rule", "{value} doesn't satisfy {keyword}: {wanted}")


def verdict(error: Any) -> Phrase:
    """Of a ValidationError, whose message is the {names} where it has some."""
    known = {
        "value": shown(msgspec.json.encode(error.instance).decode()),
        "wanted": shown(error.validator_value),
        "keyword": str(error.validator),
        "names": error.message,
    }
    said = VERDICTS.get(str(error.validator), OTHER)
    return phrase(said.code, said.template, **known)


def of_secret(error: Any) -> Phrase:
    """The rule, and nothing of the text that breaks it."""
    template = "the secret doesn't satisfy {keyword}: {wanted}"
    return phrase("secret_rule", template, keyword=error.validator, wanted=shown(error.validator_value))


def shown(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
