"""The permissions of assessment; the pack says which posts hold them (T5)."""

from kernel.access.permission import permission

SCHEME_WRITE = permission("assessment.scheme.write", zh="制定考核办法", en="Draft and submit the method of assessment")
SCHEME_READ = permission("assessment.scheme.read", zh="查看考核办法", en="Read methods of assessment")
PARTICIPANT_READ = permission("assessment.participant.read", zh="查看在岗情况", en="Read who is in post")
CYCLE_RUN = permission("assessment.cycle.run", zh="组织年度考核", en="Open the yearly assessment and move it on")
CYCLE_READ = permission("assessment.cycle.read", zh="查看年度考核", en="Read yearly assessments")
RESULT_READ = permission("assessment.result.read", zh="查看考核结果", en="Read results of assessment")
RESULT_OWN = permission(
    "assessment.result.own",
    zh="自评、查看本人考核结果和申诉",
    en="Assess oneself, read and appeal one's result",
    audience="person",
)
SCORE_RECORD = permission("assessment.score.record", zh="评分", en="Score")
GRADE_CONFIRM = permission("assessment.grade.confirm", zh="确认考核等次", en="Confirm grades")
APPEAL_READ = permission("assessment.appeal.read", zh="查看考核申诉", en="Read appeals against grades")
APPEAL_DECIDE = permission("assessment.appeal.decide", zh="复核考核申诉", en="Review appeals against grades")
SURVEY_OPEN = permission("assessment.survey.open", zh="发起居民测评", en="Open a residents' survey")
SURVEY_READ = permission("assessment.survey.read", zh="查看居民测评", en="Read residents' surveys")
TOKEN_ISSUE = permission("assessment.token.issue", zh="发放和收回测评码", en="Issue and withdraw survey tokens")
SURVEY_VIEW = permission("assessment.survey.view", zh="查看测评表", en="Read the form of a survey", audience="public")
SURVEY_ANSWER = permission("assessment.survey.answer", zh="居民作答", en="Answer a survey", audience="public")
PROBATION_READ = permission("assessment.probation.read", zh="查看试用期考核", en="Read assessments of probation")
PROBATION_DECIDE = permission("assessment.probation.decide", zh="作出试用期考核结论", en="Decide on probation")
PROBATION_OWN = permission(
    "assessment.probation.own",
    zh="查看本人试用期考核",
    en="Read the assessment of one's own probation",
    audience="person",
)
APPROVAL_READ = permission("assessment.approval.read", zh="查看考核审批事项", en="Read approval cases of assessment")
APPROVAL_DECIDE = permission(
    "assessment.approval.decide", zh="办理考核审批事项", en="Decide approval cases of assessment"
)
TEMPLATE_MANAGE = permission("assessment.template.manage", zh="维护打印模板", en="Keep the templates of documents")
