"""The `context` argument of handlers. Python 3.12 and newer see another class than their elders (fc contract 3.1)."""

import logging
from typing import Any

Facts = dict[str, Any]


class Record:
    """Attributes, and nothing else."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items() if name != "credentials")
        return f"{type(self).__name__}({shown})"


class FCContext(Record):
    pass


class Credentials(Record):
    def __repr__(self) -> str:
        return "Credentials(…)"


class FunctionMeta(Record):
    pass


class ServiceMeta(Record):
    qualifier: str


class Tracing(Record):
    pass


class Contexts:
    """Makes the context of each call. What can't change between calls is made once."""

    def __init__(self, start: Facts) -> None:
        self._facts: Facts = start["context"]
        self._modern: bool = start["modern"]
        self._threads: bool = start["concurrency"] > 1
        self._credentials = Credentials(**self._facts["credentials"])
        self._function = FunctionMeta(**self._facts["function"])
        self._service = self._service_as("")

    def of(self, call: Facts) -> FCContext:
        return self._modern_context(call) if self._modern else self._classic_context(call)

    def _service_as(self, qualifier: str) -> ServiceMeta:
        """As it was called; nearly all calls name it in the same way."""
        facts = self._facts
        return ServiceMeta(**facts["service"], qualifier=qualifier, version_id=facts["version_id"])

    def _classic_context(self, call: Facts) -> FCContext:
        facts = self._facts
        service = self._service
        if service.qualifier != call["qualifier"]:
            service = self._service = self._service_as(call["qualifier"])
        tracing: Facts = call.get("tracing") or {}
        return FCContext(
            request_id=call["request_id"],
            credentials=self._credentials,
            function=self._function,
            service=service,
            region=facts["region"],
            account_id=facts["account_id"],
            retry_count=call["retry_count"],
            tracing=Tracing(
                span_context=tracing.get("span_context", ""),
                span_baggages=tracing.get("span_baggages", {}),
                jaeger_endpoint=tracing.get("jaeger_endpoint", ""),
            ),
            logger=logging.getLogger() if self._threads else None,
        )

    def _modern_context(self, call: Facts) -> FCContext:
        facts = self._facts
        name, handler = facts["function"]["name"], facts["function"]["handler"]
        memory, timeout = facts["function"]["memory"], facts["function"]["timeout"]
        return FCContext(
            request_id=call["request_id"],
            function=FunctionMeta(
                name=name,
                handler=handler,
                memory=memory,
                timeout=timeout,
                version_id=facts["version_id"],
                qualifier=call["qualifier"],
            ),
            region=facts["region"],
            account_id=facts["account_id"],
            logger=logging.getLogger(),
            log_project=facts["service"]["log_project"],
            log_store=facts["service"]["log_store"],
        )
