"""An act laid before the leader, kept as plain data until he decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from app.clock import from_wire, to_wire
from app.domain.dossier_status import Act
from app.services.life.doing import ActOrder, Recipient, ResultPaper


def order_as_json(order: ActOrder) -> dict[str, Any]:
    """What the row keeps. The time of the act is not kept: it is done when it is signed."""
    result = asdict(order.result)
    result["issued_on"] = None if order.result.issued_on is None else order.result.issued_on.isoformat()
    result["file"] = None if order.result.file is None else str(order.result.file.absolute())
    return {
        "act": order.act.value,
        "reason": order.reason,
        "due_at": None if order.due_at is None else to_wire(order.due_at),
        "items": list(order.items),
        "result_no": order.result_no,
        "override": order.override,
        "result": result,
        "recipient": asdict(order.recipient),
    }


def order_from_json(kept: Mapping[str, Any]) -> ActOrder:
    """The order again, as the officer typed it."""
    result = dict(kept["result"])
    issued, file = result.pop("issued_on"), result.pop("file")
    return ActOrder(
        act=Act(kept["act"]),
        reason=kept["reason"],
        due_at=None if kept["due_at"] is None else from_wire(kept["due_at"]),
        items=tuple(kept["items"]),
        result_no=kept["result_no"],
        override=kept["override"],
        result=ResultPaper(
            **result,
            issued_on=None if issued is None else date.fromisoformat(issued),
            file=None if file is None else Path(file),
        ),
        recipient=Recipient(**kept["recipient"]),
    )
