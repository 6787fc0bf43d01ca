"""The platform's public APIs as the CLI speaks them: it has no other way in than any SDK."""

from liuyun.cli.client.console import Console
from liuyun.cli.client.flows import Flows
from liuyun.cli.client.functions import Functions
from liuyun.cli.client.messages import Messages
from liuyun.cli.client.transport import Connection, Transport


class Client:
    def __init__(self, connection: Connection) -> None:
        transport = Transport(connection.endpoint)
        self.connection = connection
        self.functions = Functions(transport, connection)
        self.flows = Flows(transport, connection)
        self.console = Console(transport, connection)
        self.messages = Messages(transport, connection)
