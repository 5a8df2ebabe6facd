"""Enums are English words; their Chinese labels are published at `/api/v1/labels` (X5)."""

from collections.abc import Mapping

from kernel.errors import Text

_labels: dict[str, dict[str, Text]] = {}


def labelled(name: str, labels: Mapping[str, tuple[str, str]]) -> None:
    """Publish the labels of an enum: value → (Chinese, English)."""
    if name in _labels:
        raise ValueError(f"labels {name} are published twice")
    _labels[name] = {value: Text(zh, en) for value, (zh, en) in labels.items()}


def all_labels(prefixes: tuple[str, ...] = ()) -> dict[str, dict[str, dict[str, str]]]:
    """All labels, or those whose name starts with one of `prefixes`, as `{enum: {value: {zh, en}}}`."""
    return {
        name: {value: {"zh": text.zh, "en": text.en} for value, text in values.items()}
        for name, values in sorted(_labels.items())
        if not prefixes or name.startswith(prefixes)
    }
