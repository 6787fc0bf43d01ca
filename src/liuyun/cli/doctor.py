"""`liuyun doctor`: what this machine offers."""

import sys
from collections.abc import Iterable

import typer

from liuyun.cli.output import out
from liuyun.compute.interpreters import installed
from liuyun.compute.nodes import installed as installed_nodes
from liuyun.compute.sandbox import cgroups
from liuyun.compute.sandbox.interface import missing
from liuyun.compute.sandbox.probe import Ability, Report, limits_in_force, probe
from liuyun.compute.standard_layer import existing_layer
from liuyun.errors import phrase


def doctor() -> None:
    """Say whether functions can be isolated here, and which versions of Python and Node.js they can have."""
    report = probe()
    show_isolation(report)
    show_limits()
    show_network()
    out.print("Python versions for functions:")
    for interpreter in installed():
        layer = "with the vendor's SDKs" if existing_layer(interpreter) else "the vendor's SDKs come on first use"
        out.print(f"  {interpreter}: {layer}", markup=False)
    out.print("Node.js versions for functions:")
    for node in installed_nodes() or ("none; nodejs functions don't run here",):
        out.print(f"  {node}", markup=False)
    if not report.can_isolate:
        raise typer.Exit(1)


def show_abilities(abilities: Iterable[Ability]) -> None:
    for ability in abilities:
        mark = "yes" if ability.works else "no "
        detail = f" ({ability.detail})" if ability.detail else ""
        out.print(f"  {mark}  {ability.name}{detail}", style=None if ability.works else "red", markup=False)


def show_limits() -> None:
    out.print("Limits of an instance that are in force:")
    show_abilities(limits_in_force(cgroups.detect()))


def show_network() -> None:
    out.print("Ways out for functions with internet access:")
    lacking = missing()
    why = phrase("others_words", "{said}", said=lacking) if lacking else None
    proxy = Ability(phrase("by_proxy", 'the platform\'s proxy ([egress] mode = "proxy")'), works=True)
    interface = phrase("by_interface", 'a network interface ([egress] mode = "full")')
    show_abilities((proxy, Ability(interface, works=not lacking, detail=why)))


def show_isolation(report: Report) -> None:
    out.print(f"Isolation of functions on {sys.platform}:")
    show_abilities(report.abilities)
    if report.can_isolate:
        out.print("Functions run isolated.")
        return
    out.print(
        "Functions can't be isolated here, so the platform refuses to run them. Allow what is missing (on many "
        "systems: sysctl kernel.unprivileged_userns_clone=1, or --privileged for a container), or set "
        'isolation = "process" if all code that you run is your own.'
    )
