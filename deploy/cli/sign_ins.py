"""The made-up sign-ins of demonstration tenants, by post: kept beside the data, shown at every start."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.cli.stack.folder import DataFolder


def known_sign_ins(folder: DataFolder) -> list[dict[str, Any]]:
    """What `tenant add` answered for each demonstration tenant of this stack."""
    return [json.loads(file.read_text()) for file in sorted(folder.demonstration.glob("*.json"))]


def print_sign_ins(console: Console, tenants: list[dict[str, Any]]) -> None:
    """One table per tenant: who holds which post. They are made up; the production profile makes none."""
    for tenant in tenants:
        title = f"{tenant['name']} ({tenant['tenant']})"
        table = Table(title=title, title_justify="left")
        # A cut post can be guessed, a cut password cannot be typed.
        table.add_column("post", overflow="fold")
        table.add_column("user", no_wrap=True)
        table.add_column("password", no_wrap=True)
        for one in tenant["sign_ins"]:
            table.add_row(f"{one['unit']} {one['post'] or '报名人'}".strip(), one["user_name"], one["password"])
        if tenant["sign_ins"]:
            console.print(table)


def print_links(console: Console, tenant: dict[str, Any]) -> None:
    """The administrators' one-time links, each on a line of its own: they are shown here once and kept nowhere."""
    for one in tenant["links"]:
        console.print(
            f"{one['unit']} {one['post']} · {one['user_name']}\n  {one['link']}", markup=False, highlight=False
        )
    if tenant["links"]:
        console.print("Hand each link to its administrator; it sets the first password, once, within 24 hours.")
