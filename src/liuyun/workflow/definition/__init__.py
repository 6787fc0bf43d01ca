"""Flow definitions: text in, a validated Flow or all its problems out."""

from liuyun.workflow.definition.parse import parse
from liuyun.workflow.definition.problems import Problem
from liuyun.workflow.definition.steps import Flow

__all__ = ["Flow", "Problem", "parse"]
