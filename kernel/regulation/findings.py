"""What an automatic decision answers: rule, article, quoted words, the facts used, outcome and value (P4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Text
from kernel.regulation.schema.rules import Outcome

SAYS: dict[Outcome, Text] = {
    "met": Text("符合", "Met"),
    "not_met": Text("不符合", "Not met"),
    "needs_judgement": Text("需要人工认定", "Needs a human determination"),
    "relaxed": Text("已按规定放宽", "Relaxed as the article allows"),
    "not_regulated": Text("本办法未作规定", "Not regulated here"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer. `article` is None for a rule of ours; `facts` holds exactly what the rule read."""

    rule: str
    article: str | None
    words: str | None
    facts: Mapping[str, object]
    outcome: Outcome
    value: object
    message: Text
    remarks: tuple[Text, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether nothing stands in the way: met, relaxed, or not regulated."""
        return self.outcome in ("met", "relaxed", "not_regulated")

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON values, with both languages."""
        return {
            "rule": self.rule,
            "article": self.article,
            "words": self.words,
            "facts": {name: plain(value) for name, value in self.facts.items()},
            "outcome": self.outcome,
            "value": plain(self.value),
            "message": {"zh": self.message.zh, "en": self.message.en},
            "remarks": [{"zh": remark.zh, "en": remark.en} for remark in self.remarks],
        }


def plain(value: object) -> Any:
    """Facts as JSON takes them: days as ISO text, sets and tuples as lists."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)
