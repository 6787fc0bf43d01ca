"""The order service as a process: `python -m order_service`."""

import os
import sys

import uvicorn

from order_service.configuration import Configuration
from order_service.configured_methods import ConfiguredPaymentMethods
from order_service.database import Database
from order_service.flows import Flows
from order_service.merchants import Merchants
from order_service.office import Office
from order_service.orders import Orders
from order_service.service import OrderService
from order_service.settings import SettingsError, read_settings
from order_service.web import build_app


def main() -> int:
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        print(f"order service: {error}", file=sys.stderr)
        return 2
    database = Database(settings.database)
    methods = ConfiguredPaymentMethods(database, Configuration(settings))
    methods.seed()
    service = OrderService(Orders(database), methods, Flows(settings), settings.choose_payment_url)
    uvicorn.run(
        build_app(service, Merchants(methods), Office(methods, settings.console_url), settings.token),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
