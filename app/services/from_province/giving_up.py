"""Giving up an act the province sent back and nobody can send again: ``event.voided`` (SYNC-PROTOCOL §3.4).

The act stays in the dossier's history, for it was done here; the province is told, with the reason, that it
is not to wait for it. What made the dossier cannot be given up: everything later would fall with it.
"""

from __future__ import annotations

from app.domain.event_words import event_words
from app.domain.roles import Officer, Permission
from app.errors import RuleError
from app.protocol.parts import Subject
from app.protocol.payloads import EventVoided
from app.services.desk import Desk
from app.services.from_province.resubmission import returned_row
from app.services.recording import Recorder
from app.text import t

GIVEN_UP = "given_up"
"""Name of the act in history."""
_MAKES = ("dossier.received", "stream.opened")
_MOST_SIGNS = 500


def may_give_up(event_type: str) -> bool:
    """Whether an event of this type can be voided without taking later ones along."""
    return event_type not in _MAKES


def give_up(desk: Desk, by: Officer, event_id: str, reason: str) -> str:
    """Tell the province that a refused act is given up; gives the new event's id.

    Raises ``NotFoundError`` "no-event", ``RuleError`` "not-returned", "cannot-give-up", "reason-missing"
    (``field`` "reason").
    """
    by.require(Permission.RECEIVE)
    said = " ".join(reason.split())[:_MOST_SIGNS]
    if len(said) < 3:
        raise RuleError(
            "reason-missing",
            t("Chưa ghi lý do bỏ việc này."),
            t("Ghi ngắn gọn vì sao không gửi lại, tỉnh sẽ đọc được."),
            field="reason",
        )
    with desk.store.write() as connection:
        row = returned_row(connection, event_id)
        if not may_give_up(row["type"]):
            raise RuleError(
                "cannot-give-up",
                t("Không bỏ được việc tiếp nhận: bỏ thì mọi việc sau của hồ sơ đều bị tỉnh trả về."),
                t("Sửa rồi gửi lại, hoặc gọi tỉnh hỏi cách xử lý."),
                field="act",
            )
        recorder = Recorder(connection, desk, by, desk.clock.now())
        sent = recorder.event(
            "event.voided",
            Subject(kind="event", id=event_id),
            EventVoided(voids=event_id, reason=said),
            dossier_id=row["dossier_id"],
            answers=event_id,
        )
        if row["dossier_id"] is not None:
            detail = {"type": row["type"], "act": event_words(row["type"]), "reason": said}
            recorder.history(row["dossier_id"], GIVEN_UP, detail, sent)
        recorder.audit("give_up", "event", event_id)
    return sent
