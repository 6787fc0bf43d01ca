"""`liuyun deploy FILE`: from a template to running resources."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from liuyun.cli.client import Client
from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.deploy.actual import read_actual
from liuyun.cli.deploy.apply import apply
from liuyun.cli.deploy.package import checksum, package
from liuyun.cli.deploy.plan import Action, Step, plan
from liuyun.cli.deploy.resources import Kind, Place, Resource
from liuyun.cli.deploy.serverless import is_serverless, read_serverless
from liuyun.cli.deploy.show import show_outputs, show_plan, summary
from liuyun.cli.deploy.template import InvalidTemplate, Template, read_template
from liuyun.cli.failure import WRONG_USAGE, Failure, reason
from liuyun.cli.output import complain, err, out
from liuyun.errors import InvalidDefinition

FILES = ("template.yml", "s.yaml", "s.yml")
MAX_TEMPLATE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, and the packages that it may have to send."""

    template: Template
    steps: Sequence[Step]
    packages: Mapping[str, bytes]

    @property
    def changing(self) -> list[Step]:
        return [step for step in self.steps if step.action in {Action.CREATE, Action.UPDATE}]

    def code_for(self, step: Step) -> bytes | None:
        new_code = step.action is Action.CREATE or any(change.field == "codeChecksum" for change in step.changes)
        return self.packages[step.resource.code] if step.resource.kind is Kind.FUNCTION and new_code else None


def deploy(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A template.yml or s.yaml.  [default: the one that is here]")
    ] = None,
    *,
    parameter: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A parameter of the template.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="The platform's region.  [default: cn-hangzhou]")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, change nothing.")] = False,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Create or update what a template describes. Nothing is deleted; a second run finds nothing to change."""
    file = file or default_file()
    client = connect(data, endpoint)
    prepared = prepare(client, file, given_parameters(parameter or []), region)
    show_plan(prepared.steps, prepared.template.secrets)
    refuse_impossible(prepared.steps)
    if dry_run or not prepared.changing:
        out.print("Nothing to change." if not prepared.changing else "This was a dry run: nothing was changed.")
        show_outputs(prepared.template.outputs, prepared.template.secrets)
        return
    if err.is_terminal and not yes and not typer.confirm("Apply this?", default=True):
        raise typer.Exit(1)
    carry_out(client, prepared)
    out.print(summary(prepared.steps))
    show_outputs(prepared.template.outputs, prepared.template.secrets)


def prepare(client: Client, file: Path, parameters: Mapping[str, str], region: str | None = None) -> Prepared:
    """Reads and validates everything before anything is changed. Raises Failure."""
    connection = client.connection
    place = Place(connection.endpoint, connection.account_id, region or connection.region, file.resolve().parent.name)
    template = valid_template(file, place, parameters)
    packages = {code: package(file.parent / code) for code in sorted({r.code for r in template.resources if r.code})}
    wanted = [with_checksum(resource, packages) for resource in template.resources]
    return Prepared(template, plan(wanted, read_actual(client, wanted)), packages)


def valid_template(file: Path, place: Place, parameters: Mapping[str, str]) -> Template:
    try:
        text = read_text(file)
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"The template {file} can't be read: {reason(error)}.") from None
    try:
        files = Folder(file.parent)
        if is_serverless(text):
            refuse_parameters(parameters)
            return read_serverless(text, str(file), place, os.environ, files=files)
        return read_template(text, str(file), place, parameters, files=files, check=flow_problems)
    except InvalidTemplate as error:
        for problem in error.problems:
            complain(str(problem))
        count = len(error.problems)
        raise Failure(f"{file} has {count} problem{'s' if count > 1 else ''}; nothing was changed.") from None


def default_file() -> Path:
    """The first that is there. Raises Failure if none is."""
    found = next((file for file in map(Path, FILES) if file.is_file()), None)
    if found is None:
        raise Failure(f"There is no {' or '.join(FILES[:2])} in {Path.cwd()}; name a file: liuyun deploy FILE")
    return found


def refuse_parameters(parameters: Mapping[str, str]) -> None:
    if parameters:
        raise Failure("A s.yaml has no parameters; it reads the environment: ${env('NAME')}.", exit_code=WRONG_USAGE)


def with_checksum(resource: Resource, packages: Mapping[str, bytes]) -> Resource:
    if not resource.code:
        return resource
    return replace(resource, wanted={**resource.wanted, "codeChecksum": checksum(packages[resource.code])})


def carry_out(client: Client, prepared: Prepared) -> None:
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=err, transient=True) as progress:
        task = progress.add_task("", total=None)
        for step in prepared.changing:
            progress.update(task, description=f"{step.action} {step.resource}")
            try:
                apply(client, step, prepared.code_for(step))
            except Failure as failure:
                raise Failure(f"Could not {step.action} the {step.resource}: {failure.message}") from None


def refuse_impossible(steps: Sequence[Step]) -> None:
    for step in steps:
        if step.action is Action.REFUSED:
            fields = ", ".join(step.frozen_fields)
            raise Failure(f"The {step.resource} differs in {fields}, which can't be changed in place. Delete it first.")


def given_parameters(pairs: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise Failure(f"'{pair}' is not of the form NAME=VALUE.", exit_code=WRONG_USAGE)
        given[name] = value
    return given


def flow_problems(definition: str) -> list[tuple[int, int, str]]:
    """By the platform's own rules, so that a deployment doesn't stop half way."""
    from liuyun.workflow.definition.parse import parse  # noqa: PLC0415 - its grammar; other commands start quicker

    try:
        parse(definition)
    except InvalidDefinition as error:
        problems: Any = error.facts["problems"]
        return [(problem.line, problem.column, step_text(problem)) for problem in problems]
    return []


def step_text(problem: Any) -> str:
    return f"step {problem.step}: {problem.text}" if problem.step else problem.text


class Folder:
    """The files beside a template."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def text(self, path: str) -> str:
        return read_text(self._root / path)

    def exists(self, path: str) -> bool:
        return (self._root / path).exists()


def read_text(file: Path) -> str:
    if file.stat().st_size > MAX_TEMPLATE_BYTES:
        raise OSError(f"it has more than {MAX_TEMPLATE_BYTES} bytes")
    return file.read_text(encoding="utf-8")
