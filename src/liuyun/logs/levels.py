"""How bad a line of a function's log is, by what it says: functions print texts, and loggers write levels in them."""

import re

from liuyun.model.log import Level

LOOKED_AT = 200  # characters: a level stands at the beginning
ERROR = re.compile(
    r"\[(?i:error|critical|fatal)\]|\b(?:ERROR|CRITICAL|FATAL)\b|^Traceback \(most|^[\w.]*(?:Error|Exception)(?::|$)"
)
WARNING = re.compile(r"\[(?i:warn|warning)\]|\bWARN(?:ING)?\b|^\S*Warning:")


def level_of(text: str) -> Level:
    beginning = text[:LOOKED_AT]
    if ERROR.search(beginning):
        return Level.ERROR
    return Level.WARNING if WARNING.search(beginning) else Level.INFO
