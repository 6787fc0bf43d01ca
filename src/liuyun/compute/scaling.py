"""What owners set of their functions' instances, put into force: provisioned, on-demand and reserved ones."""

from liuyun.compute.core.sharing import Name
from liuyun.compute.lanes import Qualified
from liuyun.compute.pool import Pool
from liuyun.compute.provisioner import Provisioner
from liuyun.model.configuration import ConfigKind, Configuration, Target
from liuyun.model.provisioned import Provisioned
from liuyun.model.scaling import Provision, most_on_demand, provision, reserved


class Scaling:
    """To be told of every stored configuration at the start, and of every change after its commit."""

    def __init__(self, pool: Pool, provisioner: Provisioner) -> None:
        self._pool = pool
        self._provisioner = provisioner
        self._provisioned: set[Qualified] = set()
        self._limited: set[Qualified] = set()

    def changed(self, target: Target, kind: ConfigKind, configuration: Configuration | None) -> None:
        """None: it was removed."""
        document = configuration.document if configuration is not None else None
        function = (target.account_id, target.service, target.function)
        match kind:
            case ConfigKind.PROVISION:
                self.provision((*function, target.qualifier), provision(document) if document is not None else None)
            case ConfigKind.ON_DEMAND:
                self.limit_on_demand(
                    (*function, target.qualifier), most_on_demand(document) if document is not None else None
                )
            case ConfigKind.CONCURRENCY:
                self.reserve(function, reserved(document) if document is not None else None)
            case _:
                pass

    def provision(self, key: Qualified, provision: Provision | None) -> None:
        change(self._provisioned, key, there=provision is not None)
        self._regroup()
        self._provisioner.set(key, provision)

    def limit_on_demand(self, key: Qualified, most: int | None) -> None:
        change(self._limited, key, there=most is not None)
        self._regroup()
        self._pool.caps.limit(key, most)

    def reserve(self, function: Name, instances: int | None) -> None:
        self._pool.caps.reserve(function, instances)

    def state(self, key: Qualified) -> Provisioned:
        """How far a provision configuration is."""
        return self._provisioner.state(key)

    def state_of(self, target: Target) -> Provisioned:
        return self.state((target.account_id, target.service, target.function, target.qualifier))

    def _regroup(self) -> None:
        self._pool.lanes.apart = self._provisioned | self._limited


def change(keys: set[Qualified], key: Qualified, *, there: bool) -> None:
    if there:
        keys.add(key)
    else:
        keys.discard(key)
