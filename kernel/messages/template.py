"""What a message says: declared once beside its feature, in Chinese and English."""

from dataclasses import dataclass
from string import Formatter
from typing import Literal

from kernel.context import Language
from kernel.errors import Text

Channel = Literal["sms", "email"]

_declared: dict[str, "Template"] = {}


@dataclass(frozen=True, slots=True)
class Template:
    """The text of one kind of message, with `{names}` of the values it needs."""

    name: str
    channel: Channel
    text: Text

    def fill(self, language: Language, **values: str) -> str:
        """The message in words. Raises KeyError for a value that is missing."""
        return self.text.say(language).format_map(values)


def template(name: str, *, zh: str, en: str, channel: Channel = "sms") -> Template:
    """Declare a kind of message. Both languages name the same values, and no name stands for two."""
    if name in _declared:
        raise ValueError(f"message {name} is declared twice")
    if _names(zh) != _names(en):
        raise ValueError(f"message {name} needs other values in Chinese than in English")
    _declared[name] = made = Template(name, channel, Text(zh, en))
    return made


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
