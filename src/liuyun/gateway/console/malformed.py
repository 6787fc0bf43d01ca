"""What is wrong with a request's parts, as pydantic finds it, in the platform's words."""

from collections.abc import Mapping
from typing import Any

from liuyun.errors import Phrase, phrase

# By pydantic's kinds; what it names in their context stands in the braces.
KINDS: Mapping[str, Phrase] = {
    "missing": Phrase("part_missing", "{where} is missing"),
    "extra_forbidden": Phrase("part_unknown", "{where} is not known here"),
    "json_invalid": Phrase("part_no_json", "{where} is not valid JSON: {error}"),
    "string_too_short": Phrase("part_short", "{where} must have at least {min_length} characters"),
    "string_too_long": Phrase("part_long", "{where} must have at most {max_length} characters"),
    "too_short": Phrase("part_few", "{where} must have at least {min_length} items"),
    "too_long": Phrase("part_many", "{where} must have at most {max_length} items"),
    "greater_than_equal": Phrase("part_least", "{where} must be at least {ge}"),
    "greater_than": Phrase("part_above", "{where} must be greater than {gt}"),
    "less_than_equal": Phrase("part_most", "{where} must be at most {le}"),
    "less_than": Phrase("part_below", "{where} must be less than {lt}"),
    "literal_error": Phrase("part_word", "{where} must be one of {expected}"),
    "enum": Phrase("part_word", "{where} must be one of {expected}"),
    "string_pattern_mismatch": Phrase("part_pattern", "{where} must match {pattern}"),
    "string_type": Phrase("part_text", "{where} must be a text"),
    "int_type": Phrase("part_whole", "{where} must be a whole number"),
    "int_parsing": Phrase("part_whole", "{where} must be a whole number"),
    "int_from_float": Phrase("part_whole", "{where} must be a whole number"),
    "float_type": Phrase("part_number", "{where} must be a number"),
    "float_parsing": Phrase("part_number", "{where} must be a number"),
    "bool_type": Phrase("part_flag", "{where} must be true or false"),
    "bool_parsing": Phrase("part_flag", "{where} must be true or false"),
    "list_type": Phrase("part_list", "{where} must be a list"),
    "dict_type": Phrase("part_object", "{where} must be an object"),
    "model_attributes_type": Phrase("part_object", "{where} must be an object"),
}
OTHER = Phrase("part_wrong", "{where}: {detail}")


def problem_of(found: Any) -> Phrase:
    where = ".".join(str(part) for part in found["loc"])
    said = KINDS.get(found["type"], OTHER)
    return phrase(said.code, said.template, where=where, detail=found["msg"], **found.get("ctx", {}))
