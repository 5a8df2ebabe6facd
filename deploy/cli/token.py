"""`shegong token`: signs a demonstration user in through the real pages and prints the access token.

For trying the API by hand on a development stack; an application does the same with its own OAuth library.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.failures import Refusal
from deploy.cli.options import DEFAULT_DATA_DIR, DataDir
from deploy.cli.sign_ins import known_sign_ins
from deploy.cli.stack.folder import DataFolder


def token(
    user_name: Annotated[str, typer.Argument(help="A user of the table that `shegong up` prints.")],
    tenant: Annotated[str | None, typer.Option(help="Whose user; default: the first demonstration tenant.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print an access token of a demonstration user (valid for five minutes)."""
    from deploy.cli.demo.client import Session, SignInFailed  # not before: every other command would wait for it

    folder = DataFolder(Path(data_dir))
    if not folder.ready.exists():
        raise Refusal("No stack runs on this data folder", "start one: make run")
    for made in known_sign_ins(folder):
        passwords = {one["user_name"]: one["password"] for one in made["sign_ins"]}
        if tenant not in (None, made["tenant"]) or user_name not in passwords:
            continue
        session = Session(json.loads(folder.ready.read_text())["base_url"], made["clients"]["demo"]["client_id"])
        try:
            session.sign_in(user_name, passwords[user_name])
        except SignInFailed as error:
            raise Refusal(f"{user_name} was not signed in: {error}", "see the log of the gateway process") from error
        typer.echo(session.tokens["access_token"])
        return
    raise Refusal(f"There is no demonstration user {user_name}", "the table of `shegong up` lists them")
