"""The permissions of recruitment. Which posts hold those of officials is said by the pack's grants (T5)."""

from kernel.access.permission import permission

PLAN_DRAFT = permission("recruitment.plan.draft", zh="制定招聘方案", en="Draft a recruitment plan")
PLAN_SUBMIT = permission("recruitment.plan.submit", zh="报送招聘方案", en="Submit a recruitment plan")
PLAN_READ = permission("recruitment.plan.read", zh="查看招聘方案", en="Read recruitment plans")

NOTICE_WRITE = permission("recruitment.notice.write", zh="发布和更正招聘公告", en="Publish and correct notices")
NOTICE_READ = permission("recruitment.notice.read", zh="查看招聘公告", en="Read notices")
NOTICE_VIEW = permission(
    "recruitment.notice.view", zh="查看已发布的公告", en="Read published notices", audience="public"
)

APPLICATION_OWN = permission(
    "recruitment.application.own", zh="办理本人报名", en="Sign up and follow it", audience="person"
)
APPLICATION_READ = permission("recruitment.application.read", zh="查看报名", en="Read applications")
APPLICATION_REVIEW = permission("recruitment.application.review", zh="资格审查", en="Conclude the qualification review")
DETERMINATION_RECORD = permission(
    "recruitment.determination.record", zh="记录人工认定", en="Record a human determination"
)

STAGE_RECORD = permission("recruitment.stage.record", zh="登记选拔环节结果", en="Record results of selection")

HIRE_PROPOSE = permission("recruitment.hire.propose", zh="提出拟聘用人员", en="Propose a hire")
HIRE_READ = permission("recruitment.hire.read", zh="查看拟聘用人员", en="Read proposed hires")
HIRE_VIEW = permission("recruitment.hire.view", zh="查看公示名单", en="Read the list made public", audience="public")

APPROVAL_READ = permission("recruitment.approval.read", zh="查看审批事项", en="Read approval cases")
APPROVAL_DECIDE = permission("recruitment.approval.decide", zh="办理审批事项", en="Decide approval cases")

DOCUMENT_READ = permission("recruitment.document.read", zh="查阅报名材料", en="Read documents of applicants")
RECOMMENDATION_RECORD = permission(
    "recruitment.recommendation.record", zh="记录街道（苏木乡镇）推荐意见", en="Record the township's recommendation"
)
EXAM_RUN = permission("recruitment.exam.run", zh="组织笔试面试", en="Run the exam and fix the ranking")
EXAM_READ = permission("recruitment.exam.read", zh="查看考试与排名", en="Read the exam and the ranking")
SCORE_IMPORT = permission("recruitment.score.import", zh="导入考试成绩", en="Import scores")
OBJECTION_RECORD = permission("recruitment.objection.record", zh="登记公示异议", en="Record an objection in writing")
OBJECTION_READ = permission("recruitment.objection.read", zh="查看公示异议", en="Read objections")
OBJECTION_ANSWER = permission("recruitment.objection.answer", zh="答复公示异议", en="Answer an objection")
OBJECTION_UNSEAL = permission("recruitment.objection.unseal", zh="查看异议人", en="See who objected")
TEMPLATE_MANAGE = permission("recruitment.template.manage", zh="维护打印模板", en="Keep the templates of documents")
