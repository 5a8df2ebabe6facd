"""The chapters of the Shuanghe story in the order of business time (2025), and the steps that each must reach."""

from collections.abc import Callable

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast

CHAPTERS: tuple[tuple[Callable[[Cast], None], tuple[Step, ...]], ...] = ()

__all__ = ["CHAPTERS"]
