"""Every article of the regulation and what became of it: nothing of the text is left out silently."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kernel.regulation.schema.base import Label, Model

ArticleStatus = Literal["rule", "parameter", "workflow", "duty", "declarative", "not_yet"]
Reference = Annotated[
    str,
    StringConstraints(
        pattern=r"^(rule|parameter|counter|workflow|procedure|relaxation|list|category|relation|role|meta):[a-z][a-z0-9_.]*$"
    ),
]


class Article(Model):
    """What an article became: `refs` name the members that carry it; declarative and not_yet give the reason.

    `text` is filled from the official text when the pack is loaded.
    """

    status: ArticleStatus
    refs: list[Reference] = Field(default_factory=list)
    reason: Label | None = None
    text: str | None = None

    @model_validator(mode="after")
    def is_accounted_for(self) -> Self:
        """References or a reason, as the status asks."""
        if self.status in ("declarative", "not_yet"):
            if self.reason is None:
                raise ValueError(f"an article that is {self.status} needs its `reason`")
        elif not self.refs:
            raise ValueError(f"an article that is a {self.status} needs `refs` to what carries it")
        return self
