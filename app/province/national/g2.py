"""Generation 2: the province's REST façade (NWF 2.2, 3-8). One dossier a call, a JSON array as the body.

An answer that a dossier exists already, given to a creation, leads to the same body as an update. Whatever
is not parsed as success is no success.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from app.protocol.canonical import digest_hex
from app.province.national import g2_body
from app.province.national.adapter import Call, Done, Failed, Known, Memory, Outcome, Refused
from app.province.national.answers import Envelope, Unreadable, read_envelope
from app.province.national.client import Answer, Client
from app.province.national.reasons import Reason
from app.province.national.record import Record, Step
from app.province.national.settings import Settings
from app.province.national.tokens import Tokens
from app.province.problems import JsonObject

_ROOM: Final = "KetNoiMotCuaQuocGia"
_CREATE: Final = "DongBoHoSoMC?isUpdating=False"
_UPDATE: Final = "DongBoHoSoMC?isUpdating=True"
_PROGRESS: Final = "CapNhatTienDoHoSoMC"


class G2:
    """See ``Adapter``."""

    def __init__(self, settings: Settings, client: Client, tokens: Tokens) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        province = settings.province
        self.can_look_up = bool(province.lookup_path and province.lookup_steps)
        self.steps_merged = province.steps_repeat == "merged"

    def first_calls(self, record: Record, memory: Memory) -> Sequence[Call]:
        if memory.created:
            return ()
        body = g2_body.dossier_body(record, self._settings)
        return (Call("create", body, digest_hex(body)),)

    def update(self, record: Record, memory: Memory) -> Call | None:
        body = g2_body.dossier_body(record, self._settings)
        digest = digest_hex(body)
        return None if digest == memory.body_digest else Call("update", body, digest)

    def step(self, record: Record, step: Step, memory: Memory) -> JsonObject:
        return g2_body.step_body(record, step, self._settings)

    def same_step(self, shown: JsonObject, ours: JsonObject) -> bool:
        names = ("TrangThai", "ThoiDiemXuLy", "NoiDungXuLy")
        return all(name not in shown or str(shown[name]).strip() == ours[name] for name in names)

    def unsaid(self, record: Record, memory: Memory) -> Sequence[Reason]:
        return ()

    def send(self, call: Call, record: Record, memory: Memory) -> Outcome:
        if call.kind == "progress":
            outcome = self._told(_PROGRESS, call.body)
        elif call.kind == "update":
            outcome = self._told(_UPDATE, [call.body])
        else:
            outcome = self._create(call.body)
        if not isinstance(outcome, Done):
            return outcome
        body = call.body if isinstance(call.body, dict) else {}
        return Done(outcome.existed, number=body.get("MaHoSo"))

    def look_up(self, number: str) -> Known | Failed:
        province = self._settings.province
        answer = self._tokens.carry(
            lambda headers: self._client.get(
                self._url(province.lookup_path), {"mahoso": number}, headers=headers
            )
        )
        if isinstance(answer, Failed):
            return answer
        envelope = _envelope(answer)
        if isinstance(envelope, Failed):
            return envelope
        if not envelope.is_done:
            return Failed(f"lookup-{envelope.code}", sent=False)
        return _known(envelope, number, province.lookup_steps)

    def close(self) -> None:
        self._client.close()

    def _create(self, body: object) -> Outcome:
        outcome = self._told(_CREATE, [body])
        if isinstance(outcome, Done) and outcome.existed:
            again = self._told(_UPDATE, [body])
            return Done(existed=True) if isinstance(again, Done) else again
        return outcome

    def _told(self, service: str, body: object) -> Outcome:
        """One service called; logged in anew once where the answer may mean an ended session (NWF 2.1)."""
        outcome = self._call(service, body)
        if isinstance(outcome, Refused):
            self._tokens.forget()
            outcome = self._call(service, body)
        return outcome

    def _call(self, service: str, body: object) -> Outcome:
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        url = self._url(service)
        answer = self._tokens.carry(lambda headers: self._client.post(url, raw, headers=headers))
        if isinstance(answer, Failed):
            return answer
        envelope = _envelope(answer)
        if isinstance(envelope, Failed):
            return envelope
        if envelope.already_exists and service == _CREATE:
            return Done(existed=True)
        return Done() if envelope.is_done else Refused(str(envelope.code))

    def _url(self, service: str) -> str:
        return f"{self._settings.line.url.rstrip('/')}/{_ROOM}/{service}"


def _envelope(answer: Answer) -> Envelope | Failed:
    """The inner answer, or what the status says instead. Only a 4xx was surely not acted upon."""
    if answer.status != 200:
        return Failed(
            f"http-{answer.status}",
            sent=answer.status >= 500 or answer.status < 400,
            everyone=answer.status in (403, 429, 503),
            retry_after_s=answer.retry_after_s,
        )
    try:
        return read_envelope(answer.body)
    except Unreadable:
        return Failed("unreadable", everyone=answer.media_type == "text/html")


def _known(envelope: Envelope, number: str, steps_name: str) -> Known:
    rows = envelope.result if isinstance(envelope.result, list) else []
    mine = [row for row in rows if isinstance(row, dict) and row.get("MaHoSo", number) == number]
    if not mine:
        return Known(exists=False, steps=())
    steps = mine[0].get(steps_name)
    shown = [each for each in steps if isinstance(each, dict)] if isinstance(steps, list) else None
    return Known(exists=True, steps=shown)
