"""What owners set of their functions' instances, put into force: provisioned, on-demand and reserved ones."""

from liuyun.compute.core.sharing import Name
from liuyun.compute.lanes import Qualified
from liuyun.compute.pool import Pool
from liuyun.compute.provisioner import Provisioner
from liuyun.model.provisioned import Provisioned
from liuyun.model.scaling import Provision


class Scaling:
    """To be told of every stored configuration at the start, and of every change after its commit."""

    def __init__(self, pool: Pool, provisioner: Provisioner) -> None:
        self._pool = pool
        self._provisioner = provisioner
        self._provisioned: set[Qualified] = set()
        self._limited: set[Qualified] = set()

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

    def _regroup(self) -> None:
        self._pool.lanes.apart = self._provisioned | self._limited


def change(keys: set[Qualified], key: Qualified, *, there: bool) -> None:
    if there:
        keys.add(key)
    else:
        keys.discard(key)
