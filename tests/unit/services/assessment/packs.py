"""The real packs, variants of that of Inner Mongolia, and for each a method that fits it."""

import functools
from pathlib import Path
from typing import Any

import orjson

from kernel.regulation.loading import load
from kernel.regulation.pack import Pack
from services.assessment.method import Terms

REGULATIONS = Path(__file__).parents[4] / "regulations"


@functools.cache
def inner_mongolia() -> Pack:
    return load(REGULATIONS / "neimenggu")


@functools.cache
def shuanghe() -> Pack:
    return load(REGULATIONS / "shuanghe")


def changed(parameters: dict[str, dict[str, Any]], *, without: tuple[str, ...] = ()) -> Pack:
    """The pack with parameters replaced, and without the rules or procedures named."""
    data = orjson.loads(inner_mongolia().to_json())
    for path, changes in parameters.items():
        known = data["document"]["parameters"][path]
        kept = {key: known[key] for key in ("kind", "label", "article") if key in known}
        data["document"]["parameters"][path] = kept | changes
    for section in ("rules", "procedures"):
        for name in without:
            data["document"][section].pop(name, None)
    return Pack.from_json(orjson.dumps(data))


def as_terms(**changes: Any) -> Terms:
    """A method: 30 political quality, 40 results, 30 satisfaction; four grades."""
    return Terms.model_validate(body(**changes))


def body(**changes: Any) -> dict[str, Any]:
    """The same as it is sent."""
    return {
        "components": [
            {"code": "political_quality", "label": "政治素质", "weight": 3000, "stage": "township"},
            {"code": "work_results", "label": "工作实绩", "weight": 4000, "stage": "county"},
            {"code": "satisfaction", "label": "居民满意度", "weight": 3000, "stage": "residents"},
        ],
        "grades": [
            {"code": "excellent", "label": "优秀", "from_score": "90", "outstanding": True},
            {"code": "competent", "label": "合格", "from_score": "70"},
            {"code": "basic", "label": "基本合格", "from_score": "60", "before_score": "75"},
            {"code": "failed", "label": "不合格", "from_score": "0", "before_score": "60", "failing": True},
        ],
        "stages": ["self", "township", "county", "residents", "confirm"],
        "participation": {"months_at_least": 6},
        "survey_minimum": 3,
        "appeal_days": 0,
    } | changes


def shuanghe_terms(**changes: Any) -> Terms:
    """A method under the other regulation: 30 daily work, 10 the two committees, 20 knowledge, 40 the residents."""
    return Terms.model_validate(shuanghe_body(**changes))


def shuanghe_body(**changes: Any) -> dict[str, Any]:
    """The same as it is sent."""
    return {
        "components": [
            {"code": "peer_review", "label": "“两委”成员评议", "weight": 1000, "stage": "committees"},
            {"code": "daily_work", "label": "日常考核", "weight": 3000, "stage": "township"},
            {"code": "professional_knowledge", "label": "业务知识", "weight": 2000, "stage": "township"},
            {"code": "residents_rating", "label": "居民满意度", "weight": 4000, "stage": "residents"},
        ],
        "grades": [
            {"code": "excellent", "label": "优秀", "from_score": "90", "outstanding": True},
            {"code": "competent", "label": "合格", "from_score": "70"},
            {"code": "basic", "label": "基本合格", "from_score": "60", "before_score": "70"},
            {"code": "failed", "label": "不合格", "from_score": "0", "before_score": "60", "failing": True},
        ],
        "stages": ["self", "committees", "township", "residents", "confirm"],
        "participation": {"months_at_least": 6},
        "survey_minimum": 2,
        "appeal_days": 5,
        "publicity_days": 7,
        "publicity_unit": "calendar",
    } | changes
