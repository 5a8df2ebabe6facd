"""The bounds of a condition, each with its reason, and the refusal that names what to mend."""

from kernel.errors import InvalidInput, Text

MAX_CHARACTERS = 1_000  # 20,000 terms end the process inside the library
MAX_DEPTH = 20  # the library recurses once per nested operator
MAX_MACROS = 1  # three nested macros over 200 items hold the interpreter for two seconds
MAX_ITEMS = 200  # length of a list, in the text and in a fact
MAX_TEXT = 1_000  # characters of one text fact
MAX_INTEGER = 2**53  # beyond it the library turns integers into floats

MACROS = frozenset({"exists", "all", "exists_one", "filter"})
FUNCTIONS = frozenset({"size"})
METHODS = frozenset({"startsWith", "endsWith", "contains"})


class ExpressionRefused(InvalidInput):
    """An expression outside the bounds, or one whose types do not agree; says what to write instead."""

    def __init__(self, what: Text, source: str) -> None:
        super().__init__(Text(f"条件不可用：{what.zh}", f"condition refused: {what.en}"))
        self.what = what
        self.source = source
