"""The sheets that are agreed on, with the words of their templates."""

from kernel.bulk.sheet import Column

UNITS = (
    Column("code", "机构代码", "六位行政区划代码（GB/T 2260）或十二位统计用区划代码", "150102901000"),
    Column("title", "机构名称", "全称，不超过100字", "演示第一街道"),
    Column("level", "层级", "本办法所称层级，如：旗县（市、区）、苏木乡镇（街道）、社区，或其英文代码", "township"),
    Column("parent", "上级机构代码", "已有机构的代码，或本表中另一行的机构代码", "150102"),
)
OFFICIALS = (
    Column("user_name", "用户名", "小写字母、数字、点、横线，3至64位；同一人有多个岗位的，分行填写", "zhang.shi"),
    Column("display_name", "姓名", "不超过100字", "演示人员"),
    Column("unit", "机构代码", "任职机构的代码", "150102"),
    Column("department", "部门", "部门名称或其英文代码", "society_work"),
    Column("duty", "职责", "经办、审批或查阅", "经办"),
    Column("valid_from", "任职日期", "格式：2026-03-01", "2026-03-01"),
    Column("last_day", "任职至", "最后一日；不填为长期", "2027-02-28", required=False),
)
DUTIES = {"经办": "handler", "审批": "approver", "查阅": "viewer"}
