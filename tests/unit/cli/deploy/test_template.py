import pytest

from liuyun.cli.deploy.resources import Kind
from liuyun.cli.deploy.template import InvalidTemplate, read_template
from tests.unit.cli.deploy.templates import FLOW, PLACE, Folder, find, template

SERVICE = """\
Resources:
  shop:
    Type: Aliyun::Serverless::Service
    Properties:
      Description: sells
      Policies: AliyunMNSFullAccess
    pay:
      Type: Aliyun::Serverless::Function
      Properties: {Handler: pay.handler, Runtime: python3, CodeUri: src, EnvironmentVariables: {RATE: 80, DRY: false}}
      Events:
        web: {Type: HTTP, Properties: {AuthType: ANONYMOUS, Methods: [POST, GET]}}
        chosen: {Type: MNSTopic, Properties: {TopicName: chosen, NotifyContentFormat: JSON}}
"""


def problems(body: str, **kwargs: object) -> list[str]:
    with pytest.raises(InvalidTemplate) as caught:
        template(body, **kwargs)  # pyright: ignore[reportArgumentType]
    return [str(problem) for problem in caught.value.problems]


def test_service_with_function_and_events() -> None:
    """A service brings its functions and their triggers, in the order in which they can be made."""
    found = template(SERVICE)
    assert [str(resource) for resource in found.resources] == [
        "service shop",
        "function shop/pay",
        "trigger shop/pay/web",
        "trigger shop/pay/chosen",
    ]


def test_function_fields() -> None:
    """Properties become the fields of the API, absent ones the vendor's template defaults, variables text."""
    pay = find(template(SERVICE), Kind.FUNCTION, "shop/pay")
    assert pay.code == "src"
    assert pay.wanted == {
        "handler": "pay.handler",
        "runtime": "python3",
        "description": "",
        "memorySize": 128,
        "timeout": 3,
        "initializer": "",
        "environmentVariables": {"RATE": "80", "DRY": "false"},
        "instanceConcurrency": 1,
    }


def test_events_become_triggers() -> None:
    """An HTTP event's AuthType is lower case in the API; a topic event names its topic by ARN."""
    found = template(SERVICE)
    assert find(found, Kind.TRIGGER, "shop/pay/web").wanted == {
        "triggerType": "http",
        "triggerConfig": {"authType": "anonymous", "methods": ["POST", "GET"]},
    }
    chosen = find(found, Kind.TRIGGER, "shop/pay/chosen").wanted
    assert chosen["sourceArn"] == "acs:mns:cn-hangzhou:123456:/topics/chosen"
    assert chosen["triggerConfig"]["notifyContentFormat"] == "JSON"


def test_policies_without_role() -> None:
    """Policies stand for a role, without which handlers would get no credentials; a Role of one's own wins."""
    assert find(template(SERVICE), Kind.SERVICE, "shop").wanted["role"] == "acs:ram::123456:role/policies-of-shop"
    own = SERVICE.replace("Policies: AliyunMNSFullAccess", "Role: acs:ram::1:role/mine")
    assert find(template(own), Kind.SERVICE, "shop").wanted["role"] == "acs:ram::1:role/mine"


def test_messaging_resources_in_both_spellings() -> None:
    """Topics and queues are named by their property or else by their logical id."""
    found = template("""\
        Resources:
          one: {Type: 'Aliyun::MNS::Topic', Properties: {TopicName: orders, MaximumMessageSize: 2048}}
          two: {Type: 'ALIYUN::MNS::Queue', Properties: {VisibilityTimeout: 10}}
          three: {Type: 'Aliyun::Serverless::MNSTopic', Properties: {Region: cn-hangzhou}}
          four: {Type: 'ALIYUN::MNS::Subscription', Properties: {TopicName: orders, Endpoint: 'http://h/p'}}
        """)
    assert find(found, Kind.TOPIC, "orders").wanted["MaximumMessageSize"] == 2048
    assert find(found, Kind.QUEUE, "two").wanted["VisibilityTimeout"] == 10
    assert find(found, Kind.TOPIC, "three").wanted["MaximumMessageSize"] == 65536
    assert find(found, Kind.SUBSCRIPTION, "orders/four").wanted["NotifyStrategy"] == "BACKOFF_RETRY"


def test_flow_from_a_file() -> None:
    """References inside a definition file are filled in; its other lines stay as they are."""
    body = SERVICE + "  buy: {Type: 'Aliyun::Serverless::Flow', Properties: {Description: d, DefinitionUri: f.yml}}\n"
    text = "version: v1\ntype: flow\nsteps:\n  - type: task\n    resourceArn: !Ref shop/pay  # ours\n    name: pay\n"
    flow = find(template(body, {"f.yml": text}), Kind.FLOW, "buy")
    filled = text.replace("!Ref shop/pay", '"acs:fc:::services/shop/functions/pay"')
    assert flow.wanted == {"Definition": filled, "Description": "d", "RoleArn": ""}


def test_flow_in_the_template() -> None:
    """A definition may stand in the template as text or as a mapping."""
    found = template("""\
        Resources:
          text: {Type: 'Aliyun::Serverless::Flow', Properties: {Definition: "version: v1"}}
          tree: {Type: 'Aliyun::Serverless::Flow', Properties: {Definition: {version: v1, steps: [{name: a}]}}}
        """)
    assert find(found, Kind.FLOW, "text").wanted["Definition"] == "version: v1"
    assert find(found, Kind.FLOW, "tree").wanted["Definition"] == "version: v1\nsteps:\n- name: a\n"


def test_flow_problems_keep_their_lines() -> None:
    """What is wrong with a definition is reported where it stands in its own file."""
    body = "Resources:\n  buy: {Type: 'Aliyun::Serverless::Flow', Properties: {DefinitionUri: flows/f.yml}}\n"
    text = "ROSTemplateFormatVersion: '2015-09-01'\n" + body
    with pytest.raises(InvalidTemplate) as caught:
        read_template(
            text,
            "app/template.yml",
            PLACE,
            {},
            files=Folder({"flows/f.yml": FLOW}),
            check=lambda _: [(4, 5, "no such step type")],
        )
    assert str(caught.value) == "app/flows/f.yml:4:5: no such step type"


def test_all_problems_at_once() -> None:
    """A template with several faults reports each with its line."""
    body = """\
        Resources:
          shop:
            Type: Aliyun::Serverless::Service
            Properties: {Descripton: x}
            pay:
              Type: Aliyun::Serverless::Function
              Properties: {Handler: h.h, Runtime: python3, CodeUri: nowhere, MemorySize: lots}
              Events:
                often: {Type: Timer, Properties: {CronExpression: '0 * * * * *'}}
          list: {Type: 'Aliyun::Serverless::TableStore'}
          topic: {Type: 'Aliyun::MNS::Topic', Properties: {TopicName: !Ref Missing}}
        """
    lines = [int(problem.split(":")[1]) for problem in problems(body)]
    assert lines == [6, 9, 9, 11, 12, 13]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[1]", "A template is a mapping"),
        ("Resources: {}", "A template needs Resources"),
        ("Resources:\n  a: {Type: 'Aliyun::MNS::Topic'\n", "This is not YAML"),
        ("Resources:\n  a: {Typ: x}", "The resource a needs a Type"),
        ("Mappings: {}\nResources: {a: {Type: 'Aliyun::MNS::Topic'}}", "'Mappings' is no section"),
        ("Resources:\n  a: {Type: 'Aliyun::MNS::Topic', Prop: 1}", "'Prop' can't stand here"),
        ("Resources:\n  a: {Type: 'Aliyun::MNS::Topic', Properties: {TopicName: a_b}}", "not of the form"),
        ("Resources:\n  a: {Type: 'Aliyun::MNS::Queue', Properties: {DelaySeconds: -1}}", "from 0 to 604800"),
        ("Resources:\n  a: {Type: 'Aliyun::Serverless::Flow', Properties: {}}", "either a Definition or"),
        ("Resources:\n  a: {Type: 'Aliyun::Serverless::Flow', Properties: {DefinitionUri: no}}", "can't be read"),
        ("Resources:\n  a: {Type: 'Aliyun::MNS::Topic', Properties: {Region: eu}}", "this platform is cn-hangzhou"),
        (
            "Resources: {a: {Type: 'Aliyun::MNS::Topic'}, b: {Type: 'ALIYUN::MNS::Topic', Properties: {TopicName: a}}}",
            "more than once",
        ),
    ],
)
def test_refused(body: str, said: str) -> None:
    """Each fault is named in words."""
    head = "" if body.startswith("[") else "ROSTemplateFormatVersion: '2015-09-01'\n"
    assert said in "\n".join(problems(body, head=head))


def test_format_version_is_required() -> None:
    """A file that doesn't say which form it has is refused."""
    assert "ROSTemplateFormatVersion" in problems("Resources: {a: {Type: 'Aliyun::MNS::Topic'}}", head="")[0]


def test_outputs() -> None:
    """Outputs are resolved, to be shown after a deployment."""
    body = "Resources: {t: {Type: 'Aliyun::MNS::Topic'}}\nOutputs: {Where: {Value: !GetAtt t.TopicUrl}}\n"
    assert template(body).outputs == {"Where": "http://127.0.0.1:7080/topics/t"}
