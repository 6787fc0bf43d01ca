"""What a handler is given."""

from dataclasses import dataclass

from liuyun.gateway.fnf.parameters import Parameters
from liuyun.gateway.http import Request
from liuyun.workflow.executions import Executions
from liuyun.workflow.flows import Flows


@dataclass(frozen=True, slots=True)
class Services:
    flows: Flows
    executions: Executions
    region: str


@dataclass(frozen=True, slots=True)
class Call:
    request: Request
    account_id: str
    parameters: Parameters
    services: Services
