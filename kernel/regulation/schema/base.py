"""What every member of a pack is made of: names, bilingual labels, and the article and words it rests on."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from kernel.errors import Text

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=80)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
ArticleNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*-[0-9]+(\([0-9]+\))?$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class Model(BaseModel):
    """Strict and closed: an unknown key or a number written as text is an error, not a guess."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Label(Model):
    """One name or sentence, Chinese for officials and English beside it."""

    zh: Sentence
    en: Sentence

    def text(self) -> Text:
        """The label as the bilingual text of problems and findings."""
        return Text(self.zh, self.en)


class Basis(Model):
    """Where a member stands: article and quoted words, or `ours` with the reason when no text says it."""

    article: ArticleNumber | None = None
    words: Sentence | None = None
    ours: Label | None = None

    @model_validator(mode="after")
    def rests_on_something(self) -> Self:
        """Words belong to an article; a setting of ours never poses as one."""
        if self.words is not None and self.article is None:
            raise ValueError("words are quoted without their article; add `article`")
        if self.ours is not None and self.words is not None:
            raise ValueError("`ours` marks what no text says; remove `words` or `ours`")
        if self.must_cite() and self.ours is None and (self.article is None or self.words is None):
            raise ValueError("add `article` and `words` (quoted from the text), or `ours` with the reason")
        return self

    def must_cite(self) -> bool:
        """Whether article and words are required; a parameter that is `absent` has no words to quote."""
        return True


def article_of(number: str) -> str:
    """The article of a citation: `NM-9(2)` stands in `NM-9`."""
    return number.split("(", 1)[0]


def article_order(number: str | None) -> tuple[str, int, int]:
    """Sorting key of a citation in the order of the text; what has no article comes last."""
    if number is None:
        return ("~", 0, 0)
    prefix, _, rest = number.partition("-")
    whole, _, item = rest.rstrip(")").partition("(")
    return (prefix, int(whole), int(item or 0))
