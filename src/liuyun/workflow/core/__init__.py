"""The flow interpreter: pure functions on frozen data.

definition.parse.parse(text) -> Flow                          raises InvalidDefinition with every problem
run = Run(flow_name, execution_name)                          a new run, before its Start
decide(flow, run, activation, now, context) -> Decision       what happens next: new run, events, effects
evolve(run, event) -> Run                                     the only way a run changes, live and in replay
explain(flow, run) -> tuple[Waiting, ...]                     what a live run is waiting for
codec: encode, decode_run, decode_event, decode_effect, decode_activation      as JSON text
tokens: make_token, parse_token, verify                       task tokens
outcomes.of_invocation(event_id, result) -> TaskReturned | TaskFailed          a function's answer as an activation
outcomes.function_error(status, code) -> str                  a refused call as the error name that flows catch
"""
