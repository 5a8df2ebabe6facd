"""Whether the regulation lets a subsidy be given, and for what (NM-18). Pure; the text names no figure."""

from datetime import date

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList
from services.roster.pay_terms import SUBSIDIES

WORKFLOW = "subsidy"


def occasions(pack: Pack) -> ItemList:
    """For what a subsidy may be given; raises `NotRegulated` where the regulation writes of none."""
    listed = pack.item_list(SUBSIDIES)
    if listed is None:
        raise NotRegulated(Text("本办法没有工作补助的规定", "This regulation writes of no such subsidy."))
    return listed


def check_occasion(listed: ItemList, occasion: str) -> None:
    """Raise `InvalidInput` for an occasion that the article does not name."""
    if occasion not in listed.items:
        text = Text("条文没有这一情形", "The article names no such occasion.")
        raise InvalidInput(text, errors=[FieldError("/occasion", text, SUBSIDIES, listed.article)])


def check_days(on_task_before: date, month: date, today: date) -> None:
    """Raise `InvalidInput` for a task that is not over, or a month of payment before it was."""
    if on_task_before > today:
        text = Text("任务结束后才能申报", "It is proposed once the time on the task is over.")
        raise InvalidInput(text, errors=[FieldError("/on_task_before", text)])
    if month.replace(day=1) < on_task_before.replace(day=1):
        text = Text("发放月份不早于任务结束的月份", "The month of payment is not before the task ended.")
        raise InvalidInput(text, errors=[FieldError("/month", text)])
