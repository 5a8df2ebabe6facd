"""The `shegong` command: every group of words has a module of its own, put together here."""

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from deploy.cli import (
    approvals,
    articles,
    audit,
    demonstrate,
    doctor,
    document,
    events,
    keys,
    measure,
    messages,
    migration,
    permissions,
    provider,
    regulation,
    serving,
    tenant,
    territory,
    token,
    versions,
    workflows,
)
from deploy.cli.failures import Refusal, wrong_setting
from deploy.cli.generation.command import generate
from kernel.config import ProcessConfig
from kernel.errors import Unavailable

app = typer.Typer(
    name="shegong",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shegong (社工): community workers under their own regulations.",
)
app.command()(serving.up)
app.command()(serving.serve)
app.command()(serving.migrate)
app.command()(migration.migration)
app.command()(doctor.doctor)
app.command()(demonstrate.demo)
app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})(measure.bench)
app.command()(permissions.permissions)
app.command()(approvals.approvals)
app.command()(workflows.workflows)
app.command()(document.openapi)
app.command()(token.token)
app.command()(messages.messages)
app.add_typer(keys.app, name="keys")
app.add_typer(provider.app, name="provider")
app.add_typer(tenant.app, name="tenant")
territory.app.command()(generate)
app.add_typer(territory.app, name="data")
app.add_typer(audit.app, name="audit")
app.add_typer(events.app, name="events")
for command in (versions.diff, versions.publish, versions.simulate):
    regulation.app.command()(command)
app.add_typer(regulation.app, name="regulation")
app.add_typer(articles.app, name="articles")


def main() -> None:
    """Run the command; an obstacle is one sentence with its mend and exit status 1, never a traceback."""
    try:
        app()
    except Refusal as refusal:
        _tell(refusal)
    except Unavailable:
        _tell(Refusal("The stack's database does not answer; nothing was changed", "run `shegong doctor`, then repeat"))
    except ValidationError as error:
        if error.title != ProcessConfig.__name__:
            raise
        _tell(wrong_setting(error))


def _tell(refusal: Refusal) -> None:
    Console(stderr=True, soft_wrap=True).print(f"shegong: {refusal}", markup=False, highlight=False)
    sys.exit(1)
