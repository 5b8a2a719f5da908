"""What is typed on the screen for one dossier: kept as a draft, handed to the worker as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

COUNTER, POST, ONLINE = "counter", "post", "online"


@dataclass(frozen=True)
class Typed:
    """``draft_id`` is also the request's id, so that pressing twice takes money once."""

    draft_id: str
    dossier_id: str
    way: str = COUNTER
    name: str = ""
    id_value: str = ""
    relation: str = ""
    authority: str = ""
    collect: bool = True
    bill: str = ""
    recipient: str = ""
    phone: str = ""
    address: str = ""
    payer: str = "citizen"

    def as_body(self) -> dict[str, Any]:
        """As the draft keeps it."""
        return asdict(self)


def typed_from(draft_id: str, body: Mapping[str, Any]) -> Typed:
    """A draft read back; members of another version of the program are left out."""
    known = {each.name for each in fields(Typed)} - {"draft_id"}
    return Typed(draft_id, **{key: value for key, value in body.items() if key in known})
