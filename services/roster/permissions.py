"""The permissions of roster, one per kind of operation; the pack says which posts hold them (T5)."""

from kernel.access.permission import permission

DOSSIER_READ = permission("roster.dossier.read", zh="查看社区工作者档案", en="Read dossiers")
DOSSIER_UNMASK = permission("roster.dossier.unmask", zh="查看完整身份证号和电话", en="See ID number and phone in full")
DOSSIER_OWN = permission("roster.dossier.own", zh="查看本人档案", en="Read one's own dossier", audience="person")
CONTRACT_WRITE = permission(
    "roster.contract.write", zh="拟定和签订劳动合同", en="Draft and sign labour contracts for the employer"
)
CONTRACT_READ = permission("roster.contract.read", zh="查看劳动合同", en="Read labour contracts")
CONTRACT_OWN = permission(
    "roster.contract.own", zh="查看和签署本人劳动合同", en="Read and sign one's own contract", audience="person"
)
DUTY_START = permission("roster.duty.start", zh="办理上岗", en="Put a worker on duty")
DUTY_READ = permission("roster.duty.read", zh="查看上岗记录", en="Read duty records")
APPROVAL_READ = permission("roster.approval.read", zh="查看人事审批事项", en="Read approval cases of the roster")
APPROVAL_DECIDE = permission("roster.approval.decide", zh="办理人事审批事项", en="Decide approval cases of the roster")

APPOINTMENT_READ = permission("roster.appointment.read", zh="查看任职和工作年限", en="Read posts and years of service")
APPOINTMENT_WRITE = permission(
    "roster.appointment.write", zh="登记选任结果和离任", en="Record elected results and the end of posts"
)
APPOINTMENT_OWN = permission("roster.appointment.own", zh="查看本人任职", en="Read one's own posts", audience="person")
INTAKE_WRITE = permission("roster.intake.write", zh="录入以往履历", en="Enter a worker's earlier history")
INTAKE_READ = permission("roster.intake.read", zh="查看学历和证书", en="Read education and certificates")

HEADCOUNT_READ = permission("roster.headcount.read", zh="查看职数", en="Read headcounts")
HEADCOUNT_FIX = permission("roster.headcount.fix", zh="核定旗县总量", en="Fix the totals of counties")
HEADCOUNT_PROPOSE = permission("roster.headcount.propose", zh="提出各社区人数", en="Propose the numbers of communities")
SIZE_WRITE = permission("roster.size.write", zh="登记社区户数", en="Record the households of communities")
POPULATION_WRITE = permission("roster.population.write", zh="登记城镇常住人口", en="Record the population")

LEAVE_KINDS = permission("roster.leave.kinds", zh="查看假期种类", en="Read the kinds of leave", audience="signed-in")
LEAVE_OWN = permission(
    "roster.leave.own", zh="本人请假和查看假期", en="Ask for and read one's own leave", audience="person"
)
LEAVE_RECORD = permission("roster.leave.record", zh="代为登记请假、办理销假", en="Record leave and the return from it")
LEAVE_READ = permission("roster.leave.read", zh="查看请假和考勤", en="Read leave and attendance")
ABSENCE_DETERMINE = permission(
    "roster.absence.determine", zh="认定旷工、超假", en="Determine absence and overstayed leave"
)
SECONDMENT_APPLY = permission("roster.secondment.apply", zh="申请和结束借调", en="Apply for and end secondments")
SECONDMENT_READ = permission("roster.secondment.read", zh="查看借调", en="Read secondments")
SECONDMENT_OWN = permission(
    "roster.secondment.own", zh="查看本人借调", en="Read one's own secondments", audience="person"
)
ADMISSION_APPLY = permission("roster.admission.apply", zh="申请事项准入", en="Apply for the admission of a matter")
ADMISSION_READ = permission("roster.admission.read", zh="查看事项准入", en="Read admissions")
ADMISSION_DETERMINE = permission(
    "roster.admission.determine", zh="认定是否属于不得承担的事项", en="Determine whether a matter is barred"
)
ADMISSION_ADJUST = permission(
    "roster.admission.adjust", zh="调整和退出准入事项", en="Adjust and remove admitted matters"
)
ADMISSION_DECLINE = permission("roster.admission.decline", zh="拒绝未经准入的事项", en="Decline what was not admitted")
ADMISSION_VIEW = permission(
    "roster.admission.view", zh="查阅准入事项目录", en="Read the public register of admitted matters", audience="public"
)

STRUCTURE_WRITE = permission(
    "roster.structure.write", zh="编入社区组织架构", en="Assign people to places of a community"
)
STRUCTURE_READ = permission("roster.structure.read", zh="查看社区组织架构", en="Read how a community is organised")
STRUCTURE_OWN = permission(
    "roster.structure.own", zh="查看本人编入情况", en="Read one's own place in the community", audience="person"
)
STRUCTURE_PUBLISH = permission(
    "roster.structure.publish", zh="公开社区职责和服务承诺", en="Publish duties and commitments of a community"
)
STRUCTURE_VIEW = permission(
    "roster.structure.view", zh="查阅社区职责和服务承诺", en="Read duties and commitments", audience="public"
)

PAY_STANDARD_PROPOSE = permission("roster.pay_standard.propose", zh="提出薪酬标准", en="Propose a pay standard")
PAY_STANDARD_READ = permission("roster.pay_standard.read", zh="查看薪酬标准", en="Read pay standards")
LADDER_WRITE = permission("roster.ladder.write", zh="载入岗位等级序列", en="Load a ladder of ranks")
RANK_READ = permission("roster.rank.read", zh="查看岗位等级", en="Read ranks")
RANK_WRITE = permission("roster.rank.write", zh="办理定级和晋升", en="Place on a rank and promote")
RANK_OWN = permission("roster.rank.own", zh="查看本人岗位等级", en="Read one's own rank", audience="person")
TRANSFER_RELEASE = permission("roster.transfer.release", zh="办理流动转出", en="Release a worker for transfer")
TRANSFER_READ = permission("roster.transfer.read", zh="查看流动事项", en="Read transfers")
TRANSFER_ACCEPT = permission("roster.transfer.accept", zh="办理流动接收", en="Accept or refuse a transferred worker")
TRANSFER_OWN = permission(
    "roster.transfer.own", zh="查看和同意本人流动", en="Read and consent to one's own transfer", audience="person"
)
DIRECTED_READ = permission(
    "roster.directed.read", zh="查看定向招录人选", en="Read who qualifies for directed recruitment"
)
DIRECTED_DETERMINE = permission(
    "roster.directed.determine", zh="认定定向招录条件", en="Determine a condition of directed recruitment"
)
HONOUR_PROPOSE = permission(
    "roster.honour.propose", zh="推荐和登记激励事项", en="Put workers forward and record the outcome"
)
HONOUR_DETERMINE = permission(
    "roster.honour.determine", zh="认定推荐条件", en="Determine conditions of growth and honours"
)
HONOUR_READ = permission("roster.honour.read", zh="查看激励事项", en="Read growth and honours")
HONOUR_OWN = permission(
    "roster.honour.own", zh="查看本人激励事项", en="Read one's own growth and honours", audience="person"
)

RETIREMENT_READ = permission("roster.retirement.read", zh="查看退休名单", en="Read who is due to retire")
RETIREMENT_HANDLE = permission("roster.retirement.handle", zh="登记退休类别、办理退休", en="Handle retirement")
RESIGNATION_OWN = permission(
    "roster.resignation.own", zh="本人辞职", en="Resign and read one's own resignation", audience="person"
)
RESIGNATION_READ = permission("roster.resignation.read", zh="查看辞职", en="Read resignations")
RESIGNATION_APPROVE = permission(
    "roster.resignation.approve", zh="批准辞职申请", en="Approve resignations for the community's Party organisation"
)
RESIGNATION_HANDLE = permission("roster.resignation.handle", zh="办理离职手续", en="Handle resignations")
EXIT_READ = permission("roster.exit.read", zh="查看退出事项", en="Read exits")
EXIT_PREPARE = permission("roster.exit.prepare", zh="提出和准备退出事项", en="Open and prepare exits")
EXIT_DECIDE = permission("roster.exit.decide", zh="认定和决定退出", en="Find and decide on exits")
COMPENSATION_READ = permission(
    "roster.compensation.read", zh="测算经济补偿", en="Compute compensation at the end of a contract"
)
EXIT_OWN = permission(
    "roster.exit.own",
    zh="本人陈述、申诉和容错申请",
    en="Answer, appeal and claim tolerance in one's own exit",
    audience="person",
)
DISCIPLINE_READ = permission("roster.discipline.read", zh="查看处理处分事项", en="Read disciplinary cases")
DISCIPLINE_PREPARE = permission(
    "roster.discipline.prepare", zh="受理违纪线索", en="Open and prepare disciplinary cases"
)
DISCIPLINE_DECIDE = permission("roster.discipline.decide", zh="认定和决定处理处分", en="Find and decide on discipline")
DISCIPLINE_REVIEW = permission("roster.discipline.review", zh="复核处理处分申诉", en="Review appeals on discipline")
DISCIPLINE_OWN = permission(
    "roster.discipline.own",
    zh="本人陈述申辩、申诉和容错申请",
    en="Answer, appeal and claim tolerance in one's own case",
    audience="person",
)
TOLERANCE_FIND = permission("roster.tolerance.find", zh="认定容错", en="Find on a claim of tolerance")

CROSSING_RELEASE = permission(
    "roster.crossing.release", zh="同意流动到其他辖区", en="Release a worker to another jurisdiction"
)
CROSSING_READ = permission("roster.crossing.read", zh="查看跨辖区流动", en="Read moves between jurisdictions")
CROSSING_ACCEPT = permission(
    "roster.crossing.accept", zh="接收其他辖区流动人员", en="Accept or refuse a worker from another jurisdiction"
)
CROSSING_OWN = permission(
    "roster.crossing.own",
    zh="查看和同意本人跨辖区流动",
    en="Read and consent to one's own move to another jurisdiction",
    audience="person",
)

CERTIFICATE_READ = permission("roster.certificate.read", zh="查看职业资格证书及核验", en="Read certificates and checks")
CERTIFICATE_WRITE = permission("roster.certificate.write", zh="登记职业资格证书", en="Enter professional certificates")
CERTIFICATE_VERIFY = permission(
    "roster.certificate.verify", zh="核验职业资格证书", en="Verify professional certificates"
)
CERTIFICATE_OWN = permission(
    "roster.certificate.own", zh="查看本人证书", en="Read one's own certificates", audience="person"
)
PAYEE_READ = permission("roster.payee.read", zh="查看计薪资料", en="Read what pay rests on for a worker")
PAYEE_WRITE = permission("roster.payee.write", zh="登记计薪资料", en="Record what pay rests on for a worker")
PAYROLL_RUN = permission("roster.payroll.run", zh="编制和提交薪酬册", en="Compute and submit payrolls")
PAYROLL_READ = permission("roster.payroll.read", zh="查看薪酬册和费用", en="Read payrolls and their cost")
PAYROLL_BANK = permission("roster.payroll.bank", zh="出具银行代发文件", en="Make the file for the bank")
PAYROLL_OWN = permission("roster.payroll.own", zh="查看本人工资单", en="Read one's own pay slips", audience="person")

SUBSIDY_PROPOSE = permission("roster.subsidy.propose", zh="申报工作补助", en="Propose subsidies")
SUBSIDY_READ = permission("roster.subsidy.read", zh="查看工作补助", en="Read subsidies")
SUBSIDY_OWN = permission("roster.subsidy.own", zh="查看本人工作补助", en="Read one's own subsidies", audience="person")
RIGHT_READ = permission("roster.right.read", zh="查看社区工作者权利落实情况", en="Read the rights of workers")
RIGHT_PROVIDE = permission("roster.right.provide", zh="登记职业保障", en="Record what is provided to workers")
RIGHT_OWN = permission(
    "roster.right.own",
    zh="查看和提出本人权利事项",
    en="Read one's rights, raise what is missing",
    audience="person",
)
BUDGET_READ = permission("roster.budget.read", zh="查看社区工作者经费预算", en="Read the budget of workers' cost")
BUDGET_ENTER = permission("roster.budget.enter", zh="登记列入年度预算的经费", en="Enter what stands in a yearly budget")
TEMPLATE_MANAGE = permission("roster.template.manage", zh="维护打印模板", en="Keep the templates of documents")
