"""Taking a dossier in without a mandatory paper: only by a leader's word, with a reason, for all to see.

The row names what lacked, why, and the leader; the event carries him as ``approved_by``; the history has
a line of its own (SCREENS, mandatory components).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.clock import VIETNAM
from app.domain.catalogue import Fact, ProcedureVersion
from app.domain.component_rules import missing_components
from app.domain.roles import Officer, Permission
from app.domain.vietnamese import require_text
from app.errors import RuleError
from app.protocol.ids import new_id
from app.services.people.delegation import leader_behind
from app.text import t

HISTORY = "override"
"""Name of the history line."""


@dataclass(frozen=True)
class Override:
    """``missing``: ids, a one-of group as ``a|b``; ``names`` of them; ``approved_by``: the leader's id."""

    missing: tuple[str, ...]
    names: str
    reason: str
    approved_by: str
    at: datetime

    def as_row(self, dossier_id: str) -> dict[str, object]:
        """The row of ``component_override``."""
        return {
            "id": new_id(),
            "dossier_id": dossier_id,
            "missing": list(self.missing),
            "reason": self.reason,
            "approved_by": self.approved_by,
            "at": self.at,
        }

    def as_detail(self) -> dict[str, object]:
        """What the history line holds."""
        return {"missing": list(self.missing), "note": f"{self.names}: {self.reason}"}


def settle_missing(
    connection: Connection,
    by: Officer,
    version: ProcedureVersion,
    given: Sequence[str],
    facts: frozenset[Fact],
    answers: Mapping[str, bool],
    reason: str,
    at: datetime,
) -> Override | None:
    """``None`` where no mandatory paper lacks; where one does, the leader's word for going on.

    Raises ``RuleError`` "components-missing" (with the ids) without a reason, "not-permitted" where the
    officer neither leads nor signs for a leader.
    """
    missing = missing_components(version, given, facts, answers)
    if not missing:
        return None
    words = require_text(reason, "override")
    if not words:
        raise lacking(version, missing)
    leader = leader_behind(connection, by, Permission.OVERRIDE, at.astimezone(VIETNAM).date())
    return Override(missing, _names(version, missing), words, leader, at)


def lacking(version: ProcedureVersion, missing: tuple[str, ...]) -> RuleError:
    """The refusal that names every paper that lacks."""
    return RuleError(
        "components-missing",
        t("Chưa nhận được: thiếu {count} giấy tờ: {names}.").format(
            count=len(missing), names=_names(version, missing)
        ),
        t("Có giấy: gõ số rồi bấm lại F9. Chưa có: in hướng dẫn, ghi đủ một lần."),
        field="component",
        missing=missing,
    )


def _names(version: ProcedureVersion, missing: tuple[str, ...]) -> str:
    names = {rule.id: rule.short_name or rule.name for rule in version.components}
    return "; ".join(t(" hoặc ").join(names[id] for id in entry.split("|")) for entry in missing)
