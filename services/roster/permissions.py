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
