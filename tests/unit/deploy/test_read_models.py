"""What the declared read models promise: tables of their process, its role may correct them, their news are kept."""

from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.failures import Refusal
from deploy.cli.main import app
from deploy.cli.read_models import MODELS
from kernel.config import DATABASES, Process
from kernel.db.table import tables_of
from kernel.events.models import ReadModel, table_of, together, told_for_models

EVERY = [(process, model) for process, models in MODELS.items() for model in models]


def test_every_process_with_a_database_has_the_model_of_the_tree() -> None:
    assert tuple(MODELS) == DATABASES
    assert {models[0].name for models in MODELS.values()} == {"org"}


@pytest.mark.parametrize(("process", "model"), [pytest.param(p, m, id=f"{p}-{m.name}") for p, m in EVERY])
def test_the_role_of_the_process_may_correct_the_tables(process: Process, model: ReadModel) -> None:
    known = tables_of(process)
    for kind in model.tables:
        assert known[str(kind.__tablename__)] is kind
        assert kind.__rls__.app == "select, insert, update, delete"
        # Rows are told apart by the tenant, and nothing hangs on them that a removal would break.
        assert "tenant_id" in table_of(kind).primary_key.columns
    mine = {table_of(kind) for kind in model.tables}
    pointing = {key.column.table for other in known.values() for key in table_of(other).foreign_keys}
    assert not mine & pointing


def test_no_table_is_of_two_models() -> None:
    for models in MODELS.values():
        built = [kind for model in models for kind in model.tables]
        assert len(built) == len(set(built))


def test_the_models_of_a_process_as_one_have_all_handlers_and_tables() -> None:
    model = together(MODELS["assessment"])
    feeds = set(chain.from_iterable(each.subscriptions.feeds() for each in MODELS["assessment"]))
    assert set(model.subscriptions.feeds()) == feeds
    assert model.sources() == {"gateway", "roster", "training"}


def test_what_models_are_made_of_is_kept_and_audit_entries_are_not() -> None:
    kept = told_for_models(MODELS)
    assert kept["gateway"] >= {"unit", "post", "tree", "load", "pack"}
    assert {"need"} == kept["training"]
    assert not any("audit" in types for types in kept.values())


@pytest.mark.parametrize(
    "command", [["rebuild", "edge"], ["trim", "nobody"], ["replay", "edge", "--since", "2026-01-01"]]
)
def test_the_commands_name_the_processes_that_have_a_database(command: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["events", *command, "--data-dir", str(tmp_path)])
    assert isinstance(done.exception, Refusal)
    assert "name one of gateway, recruitment" in str(done.exception)
