"""What is wrong with a pack: file, path, line, article and the mend, all faults at once (P1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kernel.errors import FieldError, InvalidInput, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where (`file`, YAML `path`, `line`), under which article, what, and how to mend it."""

    file: str
    path: str
    line: int | None
    article: str | None
    message: Text

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def spoken(self) -> Text:
        """What is wrong, with its place."""
        return Text(f"{self.place}：{self.message.zh}", f"{self.place}: {self.message.en}")

    def __str__(self) -> str:
        article = f" [{self.article}]" if self.article else ""
        return f"{self.place}: {self.path}{article}: {self.message.en}"


class PackRefused(InvalidInput):
    """A pack with faults; nothing of it comes into force."""

    name: ClassVar[str] = "pack-refused"
    title: ClassVar[Text] = Text("管理办法数据有误", "The regulation pack has faults")
    advice: ClassVar[Text] = Text("请按所列位置逐条改正", "Mend each place that is listed.")

    def __init__(self, faults: Sequence[Fault]) -> None:
        errors = [
            FieldError("/" + fault.path.replace(".", "/"), fault.spoken, article=fault.article) for fault in faults
        ]
        super().__init__(Text(f"共 {len(faults)} 处错误", f"{len(faults)} faults"), errors=errors)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
