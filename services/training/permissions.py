"""The permissions of training, one per kind of operation; the pack says which posts hold them (T5)."""

from kernel.access.permission import permission

NEED_READ = permission("training.need.read", zh="查看培训要求", en="Read training needs")
NEED_OWN = permission("training.need.own", zh="查看本人培训学时", en="Read one's own hours", audience="person")
SESSION_WRITE = permission("training.session.write", zh="登记培训班次", en="Register training classes")
HOURS_CREDIT = permission("training.hours.credit", zh="登记和更正学时", en="Credit and correct class hours")
HOURS_READ = permission("training.hours.read", zh="查看学时台账", en="Read the ledger of class hours")
APPROVAL_READ = permission("training.approval.read", zh="查看培训审批事项", en="Read approval cases of training")
APPROVAL_DECIDE = permission("training.approval.decide", zh="办理培训审批事项", en="Decide approval cases of training")
PROGRAMME_WRITE = permission("training.programme.write", zh="登记培训计划", en="Register training programmes")
PROGRAMME_READ = permission("training.programme.read", zh="查看培训计划", en="Read training programmes")
COMPLIANCE_READ = permission(
    "training.compliance.read", zh="查看年度培训达标情况", en="Read who is short of yearly hours"
)
TEMPLATE_MANAGE = permission("training.template.manage", zh="维护打印模板", en="Keep the templates of documents")
