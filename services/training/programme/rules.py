"""What a programme may name. Pure."""

from collections.abc import Sequence

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.pack import Pack


def check_roles(pack: Pack, roles: Sequence[str]) -> None:
    """Raise `InvalidInput` at each post that the regulation does not know."""
    message = Text("本办法没有这一职务", "This regulation knows no such post.")
    unknown = [index for index, role in enumerate(roles) if pack.role(role) is None]
    if unknown:
        raise InvalidInput(message, errors=[FieldError(f"/roles/{index}", message) for index in unknown])
