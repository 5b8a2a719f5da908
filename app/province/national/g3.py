"""Generation 3: the creation interface of 2026 (NWF 11; one source). Number, files, creation, steps, status.

Its paths and its code of success are not public: the province's file names them. No call that corrects a
created dossier and none that looks one up has been seen; both are said where they matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from app.protocol.canonical import digest_hex
from app.province.national import g3_body
from app.province.national.adapter import Call, Done, Failed, Known, Memory, Outcome, Refused
from app.province.national.answers import Unreadable, read_object, says_exists
from app.province.national.client import Answer, Client
from app.province.national.reasons import Reason, Unmapped
from app.province.national.record import Record, Step
from app.province.national.settings import Settings
from app.province.national.tokens import Tokens
from app.province.problems import JsonObject

_ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif"}
_CODE_MAX: Final = 12


class G3:
    """See ``Adapter``. ``files``: the gateway's folder of uploaded files."""

    can_look_up = False

    def __init__(self, settings: Settings, client: Client, tokens: Tokens, files: Path) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        self._files = files
        self.steps_merged = settings.province.steps_repeat == "merged"

    def first_calls(self, record: Record, memory: Memory) -> Sequence[Call]:
        if memory.created:
            return ()
        self._require_settings()
        body = g3_body.create_body(record, memory, self._settings)
        if not g3_body.number_of(record, memory):
            agency = self._settings.agencies[record.unit_code]
            return (Call("number", {"code": agency.code}),)
        uploads = list(self._uploads(g3_body.files_of_creation(record), memory))
        return (*uploads, Call("create", body, digest_hex(body)))

    def update(self, record: Record, memory: Memory) -> Call | None:
        uploads = list(self._uploads(g3_body.files_of_status(record), memory))
        if uploads:
            return uploads[0]
        body = g3_body.status_body(record, memory, self._settings)
        digest = digest_hex(body)
        return None if digest == memory.body_digest else Call("update", body, digest)

    def step(self, record: Record, step: Step, memory: Memory) -> JsonObject:
        return g3_body.step_body(record, step, memory, self._settings)

    def same_step(self, shown: JsonObject, ours: JsonObject) -> bool:
        return shown == ours

    def unsaid(self, record: Record, memory: Memory) -> Sequence[Reason]:
        body = g3_body.create_body(record, memory, self._settings)
        return () if digest_hex(body) == memory.created_digest else (Reason("no-correction"),)

    def send(self, call: Call, record: Record, memory: Memory) -> Outcome:
        paths = self._settings.g3
        if call.kind == "file":
            return self._upload(call)
        if call.kind == "number":
            return self._told(paths.number_path, call.body, _number)
        if call.kind == "create":
            return self._told(paths.create_path, call.body, _created)
        if call.kind == "update":
            return self._told(paths.status_path, [call.body], _plain)
        return self._told(paths.progress_path, call.body, _plain)

    def look_up(self, number: str) -> Known | Failed:
        return Failed("lookup-none", sent=False)

    def close(self) -> None:
        self._client.close()

    def _require_settings(self) -> None:
        names = ("number_path", "create_path", "progress_path", "status_path", "success_codes")
        missing = [Reason("setting", f"g3.{name}") for name in names if not getattr(self._settings.g3, name)]
        if missing:
            raise Unmapped(missing)

    def _uploads(self, files: Iterator[JsonObject], memory: Memory) -> Iterator[Call]:
        """A call for each file the portal has not taken yet. Raises ``Unmapped``."""
        for file in files:
            if file["sha256"] in memory.files:
                continue
            if not self._settings.g3.upload_path:
                raise Unmapped([Reason("setting", "g3.upload_path")])
            if not self._path(file["sha256"]).is_file():
                raise Unmapped([Reason("file-missing")])
            yield Call("file", {"media_type": file["media_type"]}, subject=file["sha256"])

    def _path(self, sha256: str) -> Path:
        return self._files / sha256[:2] / sha256

    def _upload(self, call: Call) -> Outcome:
        assert isinstance(call.body, dict)
        ending = _ENDINGS.get(call.body["media_type"], "bin")
        url = self._url(self._settings.g3.upload_path)
        answer = self._tokens.carry(
            lambda headers: self._client.post_file(
                url, self._path(call.subject), f"{call.subject[:16]}.{ending}", headers=headers
            )
        )
        return answer if isinstance(answer, Failed) else self._read(answer, _uploaded)

    def _told(self, path: str, body: object, read: Callable[[Any], Done]) -> Outcome:
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        answer = self._tokens.carry(lambda headers: self._client.post(self._url(path), raw, headers=headers))
        return answer if isinstance(answer, Failed) else self._read(answer, read)

    def _read(self, answer: Answer, read: Callable[[Any], Done]) -> Outcome:
        if answer.status not in (200, 400):
            return Failed(
                f"http-{answer.status}",
                sent=answer.status >= 500 or answer.status < 400,
                everyone=answer.status in (403, 429, 503),
                retry_after_s=answer.retry_after_s,
            )
        try:
            told = read_object(answer.body)
            code = str(told["code"]).strip()
            if answer.status == 200 and code in map(str, self._settings.g3.success_codes):
                return read(told.get("data"))
            if says_exists(told.get("message")):
                return _existing(told.get("data"))
        except (Unreadable, KeyError, TypeError, IndexError):
            return Failed("unreadable", everyone=answer.media_type == "text/html")
        shown = code if code.isalnum() and len(code) <= _CODE_MAX else "?"
        return Refused(shown)

    def _url(self, path: str) -> str:
        return f"{self._settings.line.url.rstrip('/')}/{path.lstrip('/')}"


def _number(data: Any) -> Done:
    return Done(number=_text(data["value"]))


def _created(data: Any) -> Done:
    return Done(number=_text(data["maHoSo"]), portal_id=_text(data["idHoSo"]))


def _existing(data: Any) -> Done:
    """The dossier is there; its id where the answer says it again."""
    known = data if isinstance(data, dict) else {}
    number, portal_id = known.get("maHoSo"), known.get("idHoSo")
    return Done(True, number and _text(number), portal_id and _text(portal_id))


def _uploaded(data: Any) -> Done:
    file = data[0] if isinstance(data, list) else data
    return Done(number=_text(file["HashTepTin"]), portal_id=_text(file["IdTepTin"]))


def _plain(_data: Any) -> Done:
    return Done()


def _text(value: Any) -> str:
    """An id the portal gave: a number or a text, never empty. Raises ``TypeError``."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    if not text:
        raise TypeError("no id")
    return text
