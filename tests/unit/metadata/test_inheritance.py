"""Who sees what: scopes inherited, properties merged, entries hidden."""

import asyncio

from liuyun.metadata.core.effective import Reader
from tests.conftest import run
from tests.unit.metadata.desk import ACCOUNT, ALIPAY, FLOWERS, MARKET, PLATFORM, desk


def test_a_tenant_inherits():
    """What a tenant doesn't say itself comes from the account, and before that from the platform."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put({"discount": 0.5}, at=ACCOUNT)
            assert on.seen(MARKET) == {"label": "Alipay", "discount": 0.5}
            assert on.seen(PLATFORM) == ALIPAY

    run(main())


def test_each_property_tells_its_origin():
    """A page can show which scope said what."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put({"discount": 0.5}, at=MARKET)
            found = on.config.reading.get("method", "alipay", Reader(MARKET))
            assert found.origins == {"label": "platform", "discount": "tenant/market"}

    run(main())


def test_hidden_means_not_there():
    """A tenant may do without what others inherit."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put(None, at=FLOWERS, hidden=True)
            assert on.seen(FLOWERS) is None
            assert [found.key for found in on.config.reading.page("method", Reader(FLOWERS), "", 10).seen] == []
            assert on.seen(MARKET) == ALIPAY

    run(main())


def test_what_is_removed_shows_the_inherited_again():
    """Removing an entry isn't hiding: the next scope's is seen."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put({"discount": 0.5}, at=MARKET)
            await on.put(None, 1, at=MARKET, removed=True)
            assert on.seen(MARKET) == ALIPAY
            assert (await on.put({"discount": 0.1}, at=MARKET)).current.number == 3

    run(main())


def test_a_restart_reads_it_all_again():
    """Everything is on disk before it is answered."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put({"discount": 0.5}, at=MARKET)
            async with desk(on.db) as again:
                assert again.seen(MARKET) == on.seen(MARKET)
                assert again.config.reading.sequence == on.config.reading.sequence

    run(main())


def test_a_change_outlives_its_caller():
    """What was begun is stored and seen, even if whoever asked has gone."""

    async def main() -> None:
        async with desk() as on:
            asking = asyncio.ensure_future(on.put(ALIPAY))
            await asyncio.sleep(0)
            asking.cancel()
            await asyncio.wait({asking})
            await on.config.reading.watch(0, on.clock.now() + 1000)
            assert on.seen() == ALIPAY

    run(main())
