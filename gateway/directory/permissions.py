"""Permissions of the directory."""

from kernel.access.permission import permission

UNIT_READ = permission("directory.unit.read", zh="查看机构树", en="See the tree of units", audience="signed-in")
UNIT_WRITE = permission("directory.unit.write", zh="维护机构", en="Maintain units")
POST_READ = permission("directory.post.read", zh="查看岗位", en="See posts")
POST_WRITE = permission("directory.post.write", zh="维护岗位", en="Give and end posts")
DEPARTMENT_WRITE = permission("directory.department.write", zh="维护部门", en="Set up and close departments")
SUBSTITUTE_WRITE = permission("directory.substitute.write", zh="指定代理", en="Appoint and end substitutes")
UNIT_IMPORT = permission("directory.unit.import", zh="导入机构", en="Import units from a spreadsheet")
OFFICIAL_IMPORT = permission("directory.official.import", zh="导入人员", en="Import officials from a spreadsheet")
USER_WRITE = permission("directory.user.write", zh="维护用户", en="Make users")
TENANT_READ = permission("directory.tenant.read", zh="查看本租户", en="See the own tenant", audience="signed-in")
TIME_MOVE = permission("directory.time.move", zh="推进业务时间", en="Move the business time on")
