"""The signed principal that a forwarded request carries (T9)."""

from gateway.edge.admission import Admission
from gateway.edge.inbound import Inbound
from kernel.access.principal import HEADER, Principal, sign

_HEADER_LINE = HEADER.lower().encode() + b": "


class Signer:
    """Signs for each service with its own key. Raises at making: `ValueError` for a key that is not hex."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._keys = {service: bytes.fromhex(key) for service, key in keys.items()}

    def line(self, request: Inbound, admission: Admission, now: float, request_id: str, traceparent: str) -> bytes:
        """The header line, bound to service, method and the path as the service will see it."""
        principal = Principal(
            service=admission.service,
            method=request.method,
            path=admission.target.decode("ascii"),
            issued_at=now,
            request_id=request_id,
            traceparent=traceparent,
            language=request.language,
            address=request.address,
            **admission.principal or {},
        )
        return _HEADER_LINE + sign(principal, self._keys[admission.service]).encode()
