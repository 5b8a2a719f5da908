"""Idempotency keys: the stored answer again, byte for byte (schema-free header draft, kept one year).

Only answers that stored something are remembered, so after a refusal the key may be used again.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, insert, select

from app.province import limits
from app.province.context import Act
from app.province.problems import ApiProblem
from app.province.tables import answers
from app.text import t

_running: set[tuple[str, str, str]] = set()
_guard = threading.Lock()


@contextmanager
def running(desk_id: str, operation: str, key: str) -> Iterator[None]:
    """Marks a key as being worked on. Raises 409 ``idempotency-in-progress`` where it already is."""
    name = (desk_id, operation, key)
    with _guard:
        if name in _running:
            raise ApiProblem(
                409,
                "idempotency-in-progress",
                t("Lần gửi trước còn đang xử lý."),
                headers={"Retry-After": "2"},
                retryable=True,
            )
        _running.add(name)
    try:
        yield
    finally:
        with _guard:
            _running.discard(name)


def stored(act: Act, operation: str, key: str, body: bytes) -> tuple[int, bytes] | None:
    """The answer given before, if any. Raises 422 ``idempotency-key-reuse`` for another body."""
    row = act.db.execute(
        select(answers).where(
            answers.c.desk_id == act.desk.desk_id,
            answers.c.operation == operation,
            answers.c.idempotency_key == key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.body_digest != hashlib.sha256(body).hexdigest():
        raise ApiProblem(422, "idempotency-key-reuse", t("Khóa gửi này đã dùng cho nội dung khác."))
    return row.status, row.body


def remember(act: Act, operation: str, key: str, body: bytes, status: int, answer: bytes) -> None:
    """Keep an answer, and let go of those older than the published retention."""
    oldest = act.now_ms - limits.IDEMPOTENCY_RETENTION_S * 1000
    act.db.execute(delete(answers).where(answers.c.made_at < oldest))
    row = {
        "desk_id": act.desk.desk_id,
        "operation": operation,
        "idempotency_key": key,
        "body_digest": hashlib.sha256(body).hexdigest(),
        "status": status,
        "body": answer,
        "made_at": act.now_ms,
    }
    act.db.execute(insert(answers).values(row))
