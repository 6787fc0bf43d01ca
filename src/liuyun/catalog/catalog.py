"""Everything that is deployed, as the API and the rest of the platform see it."""

from dataclasses import dataclass

from liuyun.catalog.aliases import Aliases
from liuyun.catalog.code import CodePackages
from liuyun.catalog.configurations import Configurations
from liuyun.catalog.domains import Domains
from liuyun.catalog.functions import Functions
from liuyun.catalog.layers import Layers
from liuyun.catalog.own_functions import OwnFunctions
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.services import Services
from liuyun.catalog.versions import Versions


@dataclass(frozen=True, slots=True)
class Catalog:
    resolver: Resolver
    code: CodePackages
    services: Services
    functions: Functions
    own_functions: OwnFunctions
    versions: Versions
    aliases: Aliases
    configurations: Configurations
    layers: Layers
    domains: Domains
