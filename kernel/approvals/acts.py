"""What may be done at which kind of step (A2, A3), with its labels. Tables only; `checks` and `machine` act by them."""

from kernel.approvals.definition import StepKind
from kernel.approvals.model import ActionKind

DESK: tuple[ActionKind, ...] = ("claim", "release", "delegate", "recuse")
"""How the people of one office share their work; the matter stays where it is."""

AT_STEP: dict[StepKind, tuple[ActionKind, ...]] = {
    "approve": ("approve", "return", "reject", *DESK),
    "review": ("approve", "return", "reject", *DESK),
    "fix": ("fix", "return", "reject", *DESK),
    "joint": ("approve", "return", "reject", "sign", "refuse", *DESK),
    "countersign": ("sign", "refuse", "return", "add_signer", "remove_signer", "recuse"),
    "file": ("acknowledge", "question", "reply", *DESK),
    "guide": ("guide", *DESK),
    "recommend": ("recommend", "return", "reject", *DESK),
    "publicize": ("object", "handle_objection", "return", "reject", "end_period", "recuse"),
    "determine": ("determine", "return", *DESK),
    "notify": (),
}
"""What may happen at an open step, by its kind; at one with a time to act, `escalate` by the system too."""

OF_CASE: tuple[ActionKind, ...] = ("submit", "withdraw", "remind")
"""What the submitting office does, at no step."""
SIGNING: frozenset[ActionKind] = frozenset({"sign", "refuse"})
"""What the office of a signer does, not the step's own."""
BY_SYSTEM: frozenset[ActionKind] = frozenset({"end_period", "escalate"})
"""What only the clock brings about."""
OF_SUBMITTER: frozenset[ActionKind] = frozenset({"reply"})
"""What the submitting office does at a step."""
FREE_OF_CLAIM: frozenset[ActionKind] = frozenset({"object", "release", "recuse", *SIGNING, *BY_SYSTEM, *OF_SUBMITTER})
"""What somebody else's claim does not bar."""
REASONED: frozenset[ActionKind] = frozenset(
    {
        "return",
        "reject",
        "refuse",
        "question",
        "reply",
        "guide",
        "determine",
        "recuse",
        "remove_signer",
        "object",
        "handle_objection",
    }
)
"""Actions that need a comment: somebody else must be able to answer or follow them."""

STATE_LABELS: dict[str, tuple[str, str]] = {
    "open": ("办理中", "Under way"),
    "returned": ("已退回", "Returned"),
    "approved": ("已通过", "Approved"),
    "rejected": ("未通过", "Rejected"),
    "withdrawn": ("已撤回", "Withdrawn"),
}
ACTION_LABELS: dict[str, tuple[str, str]] = {
    "submit": ("提交", "Submit"),
    "withdraw": ("撤回", "Withdraw"),
    "remind": ("催办", "Remind"),
    "approve": ("同意", "Approve"),
    "fix": ("核定", "Fix"),
    "recommend": ("推荐", "Recommend"),
    "determine": ("认定", "Determine"),
    "return": ("退回修改", "Return for correction"),
    "reject": ("不同意", "Reject"),
    "sign": ("会签同意", "Sign"),
    "refuse": ("会签不同意", "Refuse to sign"),
    "add_signer": ("加签", "Add a signer"),
    "remove_signer": ("减签", "Remove an added signer"),
    "acknowledge": ("备案登记", "Register the filing"),
    "question": ("质询", "Question the filing"),
    "reply": ("答复质询", "Answer the question"),
    "guide": ("记录指导意见", "Record the guidance"),
    "claim": ("认领", "Claim"),
    "release": ("取消认领", "Release the claim"),
    "delegate": ("转办", "Delegate"),
    "recuse": ("回避", "Stand aside"),
    "object": ("提出异议", "Object"),
    "handle_objection": ("处理异议", "Handle an objection"),
    "end_period": ("公示期满", "End of publicity"),
    "escalate": ("逾期上报", "Escalate"),
}
