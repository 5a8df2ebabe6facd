"""Tables of the pages that the program writes."""

from collections.abc import Iterator


def head(*titles: str) -> Iterator[str]:
    """The first two lines of a table."""
    yield row(*titles)
    yield row(*("---" for _ in titles))


def row(*cells: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
