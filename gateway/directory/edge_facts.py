"""What the directory has to say to the edges of a post."""

from uuid import UUID

from gateway.directory.schemas import PostView
from gateway.edgefeed.changes import PostSet


def post_change(tenant: UUID, post: PostView) -> PostSet:
    """The post as the edges decide by it."""
    return PostSet(
        id=post.id,
        tenant=tenant,
        user=post.user_id,
        unit_no=post.unit_no,
        lo=post.unit_no,
        hi=post.last_no,
        department_kind=post.department_kind,
        level=post.level,
        duty=post.duty,
        valid_from=post.valid_from,
        valid_before=post.valid_before,
    )
