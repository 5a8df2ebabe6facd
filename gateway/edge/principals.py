"""The signed principal that a forwarded request carries (T9)."""

from gateway.edge.admission import Admission
from gateway.edge.inbound import Inbound
from kernel.access.principal import HEADER, Caller

_NAME = HEADER.lower().encode() + b": "


class Signer:
    """Signs for each service with its own key. Raises at making: `ValueError` for a key that is not hex."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._keys = {service: bytes.fromhex(key) for service, key in keys.items()}

    def line(
        self, request: Inbound, admission: Admission, caller: Caller, now: float, request_id: str, traceparent: str
    ) -> bytes:
        """The header line, bound to service, method and the path as the service will see it."""
        route = admission.route
        return _NAME + caller.sign(
            self._keys[route.service],
            service=route.service,
            method=request.method,
            path=admission.target.decode("ascii"),
            issued_at=now,
            business_time=admission.business_time,
            permission=route.permission,
            request_id=request_id,
            traceparent=traceparent,
            language=request.language,
            address=request.address,
        )
