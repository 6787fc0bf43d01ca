"""Random flows, as definition texts, and random things to say to them."""

import json
from typing import Any

from hypothesis import strategies as st

KINDS = ["task"] * 6 + ["choice"] * 3 + ["wait"] * 2 + ["pass", "succeed", "fail"]
OWNERS = ["parallel", "parallel", "foreach"]
ERRORS = ["E", "F", "FC.Unknown"]
KEYS = ["a", "b", "c"]
values = st.one_of(st.integers(0, 2), st.booleans(), st.sampled_from(["x", "", "long" * 20]), st.none(), st.just([]))
objects = st.dictionaries(st.sampled_from(KEYS), values, max_size=3)
inputs = objects.map(lambda data: {**data, "list": [0, 1, "x"]})
outputs = st.one_of(objects, objects, objects, values)
sources = st.one_of(
    values,
    st.sampled_from(["$input.a", "$local.b", "$local", "$input", "$.c", "$context.task.token", "$context.step.name"]),
    st.sampled_from(["$config.s.key", "$config.s[$.b]", "$config.s.key[$.a]", "$config.s[$context.task.token]"]),
)
mappings = st.lists(st.fixed_dictionaries({"target": st.sampled_from(KEYS), "source": sources}), max_size=3)
conditions = st.sampled_from(
    [
        *("$.a == 1", '$.b == "x"', "$.a > 0 && $.b", "!$.c", "$.c || $.a >= 1", "true", "$.a in [0, 2]"),
        *("$.absent == 1", "$config.s.other == $.a", "$config.s[$.b] == 1", "$config.s.absent"),
    ]
)
error_lists = st.lists(st.sampled_from([*ERRORS, "FnF.ALL", "FnF.TaskTimeout"]), min_size=1, max_size=2)
targets = st.sampled_from(
    [
        {"resourceArn": "acs:fc:::services/s/functions/f"},
        {"resourceArn": "acs:mns:::/topics/t/messages", "serviceParams": {"MessageBody": "$"}},
        {"resourceArn": "acs:mns:::/queues/q/messages", "serviceParams": {"MessageBody": "$", "Priority": "$.b"}},
        {"resourceArn": "$config.s.key"},
        {"resourceArn": "$config.s[$.b]"},
        {"resourceArn": "$config.s.key", "serviceParams": {"MessageBody": "$config.s.other"}},
    ]
)


@st.composite
def flow_texts(draw: st.DrawFn) -> str:
    names = (f"step{number}" for number in range(1000))
    flow = {"version": "v1", "type": "flow", "steps": step_list(draw, names, depth=2)}
    if draw(st.booleans()):
        flow["timeoutSeconds"] = 100
    if draw(st.booleans()):
        flow["configTenant"] = draw(st.sampled_from(["market", "$.b"]))
    return json.dumps(flow | some_mappings(draw))


def step_list(draw: st.DrawFn, names: Any, depth: int) -> list[dict[str, Any]]:
    own = [next(names) for _ in range(draw(st.integers(1, 4)))]
    return [step(draw, name, own, names, depth) for name in own]


def step(draw: st.DrawFn, name: str, siblings: list[str], names: Any, depth: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS + OWNERS if depth else KINDS))
    common = {"type": kind, "name": name} | some_mappings(draw)
    if kind not in {"succeed", "fail"} and draw(st.integers(0, 9)) == 0:
        common["end"] = True
    return common | own_fields(draw, kind, siblings, names, depth)


def own_fields(draw: st.DrawFn, kind: str, siblings: list[str], names: Any, depth: int) -> dict[str, Any]:
    match kind:
        case "task":
            return task_fields(draw, siblings)
        case "wait":
            return draw(
                st.sampled_from(
                    [
                        {"duration": 5},
                        {"duration": 5},
                        {"duration": 0},
                        {"duration": "$.a"},
                        {"duration": "$config.s.key"},
                    ]
                )
            )
        case "choice":
            conditional = [{"condition": draw(conditions)} for _ in range(draw(st.integers(1, 2)))]
            branches = [condition | branch(draw, siblings, names, depth) for condition in conditional]
            return {"choices": branches, "default": branch(draw, siblings, names, depth)}
        case "parallel":
            return {"branches": [{"steps": step_list(draw, names, depth - 1)} for _ in range(draw(st.integers(1, 3)))]}
        case "foreach":
            iteration = {
                "collection": draw(st.sampled_from(["$.list"] * 5 + ["$.b", "$config.s.key", "$config.s.other"])),
                "item": "a",
                "index": "c",
            }
            keeping = {"inputMappings": [{"target": "list", "source": [0, "x"]}]}
            return {"iterationMapping": iteration, "steps": step_list(draw, names, depth - 1)} | keeping
        case _:
            return {"error": draw(st.sampled_from(ERRORS)), "cause": "told to"} if kind == "fail" else {}


def task_fields(draw: st.DrawFn, siblings: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(draw(targets))
    fields["pattern"] = draw(st.sampled_from(["requestResponse", "waitForCallback"]))
    if draw(st.booleans()):
        fields["timeoutSeconds"] = 7
    if draw(st.booleans()):
        fields["retry"] = [{"errors": draw(error_lists), "maxAttempts": draw(st.integers(0, 2))}]
    if draw(st.booleans()):
        fields["catch"] = [{"errors": draw(error_lists), "goto": draw(st.sampled_from(siblings))}]
        fields["errorMappings"] = [{"target": "c", "source": "$local.error"}]
    return fields


def branch(draw: st.DrawFn, siblings: list[str], names: Any, depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if depth and draw(st.booleans()):
        fields["steps"] = step_list(draw, names, depth - 1)
    if draw(st.booleans()):
        fields["goto"] = draw(st.sampled_from(siblings))
    return fields


def some_mappings(draw: st.DrawFn) -> dict[str, Any]:
    keys = ["inputMappings", "outputMappings"]
    return {key: draw(mappings) for key in keys if draw(st.integers(0, 2)) == 0}
