"""Who runs the yearly assessment, and that nobody else does (NM-28, SH-20, SH-23). Pure."""

from kernel.errors import RuleRefused, Text
from kernel.regulation.pack import Pack

LEVEL = "assessment.cycle_level"
DEPARTMENTS = "assessment.cycle_departments"
OTHERS_BARRED = "assessment.others_barred"


def check_runner(pack: Pack, level: str | None, department: str | None) -> None:
    """Raise `RuleRefused` unless a post of that department and level runs the yearly assessment.

    Cites the article that bars every other body where the regulation has one (SH-23), else the one that names who
    runs it (NM-28, SH-20). Where no department is named, whom the pack grants the operation to decides.
    """
    figure, offices = pack.parameter(LEVEL), pack.parameter(DEPARTMENTS)
    named = offices.texts() if offices.state == "set" else []
    if level == figure.text() and (not named or department in named):
        return
    barred = pack.parameter(OTHERS_BARRED)
    only = barred.state == "set" and barred.boolean()
    names = [known.name.text() for level, known in pack.document.levels.items() if level == figure.text()]
    name = names[0] if names else Text(figure.text(), figure.text())
    zh, en = f"年度考核由{name.zh}组织", f"The yearly assessment is run by the {name.en}"
    if only:
        zh += f"（{figure.article}），其他单位和部门不得单独进行考核评比"
        en += f" ({figure.article}); no other body may run an assessment of its own"
    raise RuleRefused(Text(zh, f"{en}."), article=barred.article if only else figure.article)
