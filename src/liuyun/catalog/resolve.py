"""From the names in a call to the function that runs: what every invocation asks first, answered from memory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from liuyun.catalog import routing
from liuyun.catalog.code import CodePackages
from liuyun.catalog.split import Shares, fractions, pick, shares
from liuyun.catalog.states import alias_named, function_at, is_newest, is_number, service_at
from liuyun.errors import FunctionDisabled, FunctionNotFound, Invalid, Phrase, PlatformError, phrase
from liuyun.model.configuration import ConfigKind, Configuration, Target
from liuyun.model.function import Deployed, Function, Service, Trigger
from liuyun.model.invocation import HttpCall
from liuyun.model.release import CONTENT, LATEST, Alias
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import configurations, triggers

HTTP = "http"
READ_AGAIN = 2  # times, what changed while it was read
Key = tuple[str, str, str, str]  # account, service, qualifier, function


@dataclass(frozen=True, slots=True)
class ByContent:
    """An alias that looks into its calls: those that satisfy the rules go to the `other` version."""

    rules: routing.Rules
    main: str
    other: str

    def version(self, http: HttpCall | None) -> str:
        return self.other if routing.leads_on(self.rules, http) else self.main


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a qualifier leads: calls are shared as `split` says, unless they go by their content."""

    split: Shares
    by_content: ByContent | None = None

    @property
    def versions(self) -> list[str]:
        if self.by_content is None:
            return [version for version, _ in self.split]
        return [self.by_content.main, self.by_content.other]


@dataclass(frozen=True, slots=True)
class Resolved:
    """`only` is the version that every call gets; None: each call gets one of `versions`, as `leads` says."""

    only: Deployed | None
    versions: Mapping[str, Deployed]
    leads: Leads
    fractions: Iterator[float]
    http_trigger: Trigger | None

    def choose(self, key: Key, http: HttpCall | None) -> Deployed:
        by_content = self.leads.by_content
        version = by_content.version(http) if by_content else pick(self.leads.split, next(self.fractions))
        chosen = self.versions.get(version)
        if chosen is None:
            raise FunctionNotFound(key[1], key[3])
        return chosen


@dataclass(frozen=True, slots=True)
class Found:
    """`states` by version; one that doesn't have the function isn't among them."""

    leads: Leads
    states: Mapping[str, tuple[Service, Function]]
    http_trigger: Trigger | None


class Resolver:
    """Remembers what it found until told to forget it. Only what exists is remembered, so the catalog bounds it.

    `chance` gives a number from 0 to 1 at which the sharing of an alias between versions begins.
    """

    def __init__(self, *, db: Database, code: CodePackages, chance: Callable[[], float]) -> None:
        self._db = db
        self._code = code
        self._chance = chance
        self._known: dict[Key, Resolved] = {}
        self._of_service: dict[tuple[str, str], set[Key]] = {}
        self._forgotten = 0

    async def resolve(
        self, account_id: str, service: str, qualifier: str, function: str, *, http: HttpCall | None = None
    ) -> Deployed:
        """`http` is the call, for an alias that looks into it.

        Raises ServiceNotFound, FunctionNotFound, VersionNotFound, AliasNotFound or FunctionDisabled.
        """
        key = (account_id, service, qualifier, function)
        known = self._known.get(key)
        if known is None:
            known = await self._look_up(key)
        return known.only or known.choose(key, http)

    async def prepare(self, account_id: str, service: str, function: str) -> None:
        """Looks up what the first call of a function will ask for. What stands in its way is told to that call."""
        with suppress(PlatformError):
            await self.resolve(account_id, service, "", function)

    def at_hand(self, account_id: str, service: str, qualifier: str, function: str) -> Deployed | None:
        """The same from memory alone; None if it isn't there, or if a qualifier leads to several versions.

        A choice made here and not used would shift the shares.
        """
        known = self._known.get((account_id, service, qualifier, function))
        return None if known is None else known.only

    def http_trigger_at_hand(self, account_id: str, service: str, qualifier: str, function: str) -> Trigger | None:
        """The HTTP trigger of the very qualifier, if that is in memory and has one."""
        known = self._known.get((account_id, service, qualifier, function))
        return None if known is None else known.http_trigger

    async def released(
        self, account_id: str, service: str, qualifier: str, function: str
    ) -> list[tuple[Deployed, float]]:
        """The versions behind a qualifier, each with its share of the calls. Raises as `resolve` does.

        Where calls go by their content, the weights are what the alias's owner expects.
        """
        key = (account_id, service, qualifier, function)
        known = self._known.get(key) or await self._look_up(key)
        split = known.leads.split
        begins = [0.0, *(end for _, end in split)]
        widths = [(version, end - begin) for (version, end), begin in zip(split, begins, strict=False)]
        return [(known.versions[version], width) for version, width in widths if version in known.versions]

    async def http_trigger(self, account_id: str, service: str, qualifier: str, function: str) -> Trigger | None:
        """The HTTP trigger of the very qualifier. Raises as `resolve` does."""
        key = (account_id, service, qualifier, function)
        known = self._known.get(key)
        if known is None:
            known = await self._look_up(key)
        return known.http_trigger

    async def versions(self, account_id: str, service: str, qualifier: str) -> list[str]:
        """Those that the qualifier may lead to. Raises AliasNotFound."""
        return (await self._db.read(lambda tx: leads_of(tx, account_id, service, qualifier))).versions

    def forget(self, account_id: str, service: str, function: str) -> None:
        """To be called after a commit that changed the function, its service or its triggers."""
        self._forgotten += 1
        for key in [key for key in self._of_service.get((account_id, service), ()) if key[3] == function]:
            self._drop(key)

    def configured(self, target: Target, kind: ConfigKind, configuration: Configuration | None) -> None:  # noqa: ARG002
        """To be told of each change of a configuration: a function may be forbidden now, or allowed again."""
        if kind is ConfigKind.RESTRICTION:
            self.forget(target.account_id, target.service, target.function)

    def forget_service(self, account_id: str, service: str) -> None:
        """To be called after a commit that changed versions or aliases."""
        self._forgotten += 1
        for key in self._of_service.pop((account_id, service), ()):
            del self._known[key]

    async def _look_up(self, key: Key) -> Resolved:
        before, found = await self._read(key)
        for _ in range(READ_AGAIN):
            if self._forgotten != before:
                before, found = await self._read(key)
        versions = {version: self._deployed(found, key[2], version) for version in found.states}
        leads = found.leads
        only = versions.get(leads.versions[0]) if len(leads.versions) == 1 else None
        begins = 0.0 if only is not None else self._chance()
        resolved = Resolved(only, versions, leads, fractions(begins), found.http_trigger)
        if self._forgotten == before:  # else what was read may be older than a commit that has been announced
            self._known[key] = resolved
            self._of_service.setdefault(key[:2], set()).add(key)
        return resolved

    async def _read(self, key: Key) -> tuple[int, Found]:
        return self._forgotten, await self._db.read(lambda tx: find(tx, key))

    def _deployed(self, found: Found, qualifier: str, version: str) -> Deployed:
        service, function = found.states[version]
        is_http = found.http_trigger is not None
        return Deployed(
            service=service,
            function=function,
            version_id=version,
            code_dir=str(self._code.code_dir(function.package)),
            revision=revision(service, function, version, is_http=is_http),
            is_http=is_http,
            qualifier=qualifier or LATEST,
            layers_dir=str(self._code.code_dir(function.layers_package)) if function.layers_package else "",
        )

    def _drop(self, key: Key) -> None:
        del self._known[key]
        of_service = self._of_service[key[:2]]
        of_service.discard(key)
        if not of_service:
            del self._of_service[key[:2]]


def find(tx: Transaction, key: Key) -> Found:
    account_id, service, qualifier, function = key
    leads = leads_of(tx, account_id, service, qualifier)
    states: dict[str, tuple[Service, Function]] = {}
    for version in leads.versions:
        try:
            found = function_at(tx, account_id, service, version, function)
        except FunctionNotFound:
            if len(leads.versions) == 1:
                raise
            continue
        states[version] = (service_at(tx, account_id, service, version), found)
    check_enabled(tx, Target(account_id, service, LATEST, function))
    http = triggers.find_kind(tx, (account_id, service, function), HTTP, qualifier or LATEST)
    return Found(leads, states, http[0] if http else None)


def check_enabled(tx: Transaction, target: Target) -> None:
    """Raises FunctionDisabled."""
    found = configurations.find(tx, target, ConfigKind.RESTRICTION)
    if found is not None:
        raise FunctionDisabled(disabled(target.function, found.document.get("reason", "")))


def disabled(function: str, reason: str | None) -> Phrase:
    if not reason:
        return phrase("function_disabled", "invocations of function '{function}' are disabled", function=function)
    template = "invocations of function '{function}' are disabled: {reason}"
    return phrase("function_disabled_because", template, function=function, reason=reason)


def leads_of(tx: Transaction, account_id: str, service: str, qualifier: str) -> Leads:
    if is_newest(qualifier):
        return Leads([(LATEST, 1.0)])
    if is_number(qualifier):
        return Leads([(qualifier, 1.0)])
    alias = alias_named(tx, account_id, service, qualifier)
    if alias.resolve_policy == CONTENT:
        return Leads(*by_content(alias))
    return Leads(shares(alias.version_id, alias.weights))


def by_content(alias: Alias) -> tuple[Shares, ByContent | None]:
    """Without another version, or with rules from before they were checked that are none, all go to the main one."""
    other = next(iter(alias.weights), None)
    if other is None:
        return [(alias.version_id, 1.0)], None
    try:
        rules = routing.read(alias.route_policy)
    except Invalid:
        rules = routing.read({})
    return shares(alias.version_id, alias.weights), ByContent(rules, alias.version_id, other)


def revision(service: Service, function: Function, version: str, *, is_http: bool) -> str:
    """Every change gives its part a new ETag; an HTTP trigger that comes or goes changes how the handler is called."""
    return f"{version}.{service.etag}.{function.etag}.{'http' if is_http else 'event'}"
