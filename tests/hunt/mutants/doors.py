"""Every way a file or a pasted text comes into the product: samples of it, and how it is handed in."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

from app import keys, settings
from app.domain.bill_code import read_bill_code
from app.domain.catalogue_json import procedure_from_json
from app.domain.component_rules import parse_component_spec
from app.domain.dossier_number import parse_number
from app.domain.file_kind import media_type_of
from app.domain.personal_id import require_personal_id
from app.domain.phone import normalise_phone
from app.domain.secret_guard import holds_code
from app.domain.spreadsheet_text import spreadsheet_text
from app.domain.typed_date import parse_typed_date
from app.domain.unit_address import present_of
from app.domain.vietnamese import check_name
from app.domain.vietqr import check_account
from app.domain.working_calendar import calendar_from_json
from app.errors import AppError
from app.models import tables
from app.protocol import messages
from app.resources import resource
from app.services.audit.verify import read_anchor
from app.services.reference import Reference
from app.services.safety.restore import restore_backup
from app.sync import inflate, procedures
from app.sync.province import LARGE
from app.sync.trouble import NotBelievedError
from tests.domain.test_catalogue_json import WIRE
from tests.hunt.driver import CARD
from tests.hunt.mutants import forging
from tests.hunt.mutants.mutators import in_place_of, mutate
from tests.hunt.mutants.victim import Victim
from tests.hunt.power.work import CHILD
from tests.support import desk as desks

TODAY = date(2026, 11, 23)
PERSON = {
    "name": "Ma Thị Hường",
    "id_kind": "personal_number",
    "id_value": "008198000000",
    "birth_date": "1998-08-14",
    "sex": "female",
    "address": "Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang",
    "nationality": None,
}
CARDS = (
    CARD,
    "008094000111|123456789|Hoàng Văn Quyết|01011994|Nam|Xã Lâm Bình, Tuyên Quang|01012022",
    "008198000000||MA THI HUONG|14081998|Nu|Thon Na Mau|04102024|||extra",
)
LINES = (
    ["find", "hường"],
    ["read-card", CARD],
    ["due", "--procedure", "1.001193", "--at", "2026-11-23T09:00"],
    ["show", "TN-02221-261123-1AAA001"],
    ["receive", "--procedure", "1.001193", "--card", CARD, "--all-required", "--phone", "0912345678"],
    ["certify", "--card", CARD, "--paper", "Bằng", "--pages", "3", "--copies", "1"],
    ["audit", "verify", "--anchor", "12 0123456789abcdef"],
    ["tariff", "list", "1.001193"],
    ["assist", "open", "--card", CARD, "--phone", "0912345678", "--consent", "tracking"],
)
TEXTS: tuple[Callable[[str], Any], ...] = (
    lambda text: parse_typed_date(text, TODAY),
    read_bill_code,
    parse_number,
    normalise_phone,
    require_personal_id,
    parse_component_spec,
    read_anchor,
    check_name,
    holds_code,
    spreadsheet_text,
    keys.words_to_secret,
    lambda text: check_account("970436", text, text, text),
    lambda text: present_of(desks.reference().units, text[:4000]),
)
TYPED = ("23/11/2026", "RR123456789VN", "TN-02221-261123-1AAA001", "0912345678", "008198000000",
    "giay_chung_sinh:original:2", "12 0123456789abcdef", "Ma Thị Hường",
    "xã Nà Hang, tỉnh Tuyên Quang")  # fmt: skip
ANSWERS = (messages.Meta, messages.SnapshotPage, messages.Upload, messages.Enrolment, messages.StreamState,
    messages.CatalogueManifest, messages.NumberBlockList, messages.ReconcileResponse, messages.Problem,
    messages.RecoveredEvents, messages.TokenResponse)  # fmt: skip


@dataclass(frozen=True)
class Door:
    """``weight``: how often it is chosen; ``feed``: hands one mutant in and says how that ended."""

    name: str
    weight: int
    feed: Callable[[Victim, random.Random], str]


def _text_of(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _some(kind: str, samples: Sequence[bytes], dice: random.Random) -> bytes:
    return mutate(dice.choice(samples), kind, samples, dice)


def _placed(victim: Victim, content: bytes, dice: random.Random, name: str = "in.bin") -> Path:
    path = victim.file(content, name)
    if dice.random() < 0.03:
        in_place_of(path, dice)
    return path


@cache
def _cards() -> tuple[bytes, ...]:
    return tuple(card.encode() for card in CARDS)


def card(victim: Victim, dice: random.Random) -> str:
    """Text under the scanner, read."""
    return victim.command("read-card", _text_of(_some("text", _cards(), dice)), who="canbo")


def receive_card(victim: Victim, dice: random.Random) -> str:
    """The same, stored."""
    text = _text_of(_some("text", _cards(), dice))
    return victim.command(
        "receive", "--procedure", "1.001193", "--all-required", f"--card={text}", who="canbo"
    )


def person(victim: Victim, dice: random.Random) -> str:
    """``--person F.json`` and ``--submitter F.json``."""
    samples = [json.dumps(PERSON, ensure_ascii=False).encode()]
    path = _placed(victim, _some("json", samples, dice), dice)
    who = ["--card", CARD, "--submitter"] if dice.random() < 0.4 else ["--person"]
    return victim.command(
        "receive", "--procedure", "1.001193", "--all-required", *who, str(path), who="canbo"
    )


@cache
def _forms() -> tuple[bytes, ...]:
    names = ("khai_sinh", "khai_tu", "ket_hon", "xac_nhan_tthn", "ban_sao_trich_luc")
    return tuple(resource("eforms", f"{name}.json").read_bytes() for name in names)


def eform_package(victim: Victim, dice: random.Random) -> str:
    """A province's own declaration, half of them with a version that is newer."""
    sample = dice.choice(_forms())
    if dice.random() < 0.6:
        document = json.loads(sample)
        document["version"] = f"{dice.randint(2, 99)}"
        sample = json.dumps(document, ensure_ascii=False, indent=1).encode()
    path = _placed(victim, mutate(sample, "json", _forms(), dice), dice)
    ended = victim.command("eform", "import", str(path))
    if ended == "taken":
        out = victim.scratch / "blank.pdf"
        number, form = victim.template.numbers[0], json.loads(sample)["id"]
        victim.command("eform", "blank", number, "--form", form, "--out", str(out), who="canbo")
    return ended


def eform_values(victim: Victim, dice: random.Random) -> str:
    """``eform fill --values F.json``."""
    path = _placed(victim, _some("json", [json.dumps(CHILD, ensure_ascii=False).encode()], dice), dice)
    number, out = victim.template.numbers[0], str(victim.scratch / "out.pdf")
    fill = ("eform", "fill", number, "--form", "khai_sinh", "--values", str(path), "--out", out)
    return victim.command(*fill, who="canbo")


@cache
def _scans() -> tuple[bytes, ...]:
    from PIL import Image, TiffImagePlugin  # noqa: F401

    picture = Image.effect_noise((60, 60), 30)
    made = []
    for kind in ("JPEG", "PNG", "TIFF"):
        out = io.BytesIO()
        picture.save(out, kind)
        made.append(out.getvalue())
    pdf = b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
    return (*made, pdf)


def scan(victim: Victim, dice: random.Random) -> str:
    """The file of a result: PDF, JPEG, PNG, TIFF."""
    path = _placed(victim, _some("bytes", _scans(), dice), dice, "=cmd|a.pdf")
    ended = victim.command(
        "do", victim.template.numbers[1], "complete", "--result-no", "5", "--file", str(path), who="canbo"
    )
    if ended == "taken":
        victim.taken = 10**6
    return ended


def scan_kind(victim: Victim, dice: random.Random) -> str:
    """What a file is by its bytes."""
    return victim.expect(lambda: media_type_of(_some("bytes", _scans(), dice)))


def backup(victim: Victim, dice: random.Random) -> str:
    """A backup from a stick: outside, its readable head, its sealed list, the words of the sheet."""
    content, words = victim.template.files["backup"], victim.template.words
    how = dice.random()
    if how < 0.4:
        content = mutate(content, "bytes", (content[:4000], b"MOTCUA-BACKUP-1\n"), dice)
    elif how < 0.7:
        content = forging.backup_with_public(content, dice)
    elif how < 0.9:
        content = forging.sealed_backup(content, victim.desk.store.key, dice)
    else:
        words = _text_of(mutate(words.encode(), "text", (words.encode(),), dice)).replace("\0", "")
    path = _placed(victim, content, dice, "quay.mcbackup")
    into = victim.room / "restored"
    victim.asked.append(into)
    environ = {"MOTCUA_PASSPHRASE": "cụm mật khẩu khác", "MOTCUA_RECOVERY": words}
    if dice.random() < 0.5:
        environ = {**desks.ENVIRON, "MOTCUA_RECOVERY": words}
    work = partial(restore_backup, path, into, victim.links.clock, environ)
    ended = _in_words(victim, work)
    if ended != "taken" and into.exists():
        raise AssertionError("half a restore")
    return ended


def _in_words(victim: Victim, work: Callable[[], Any]) -> str:
    try:
        work()
    except AppError as refused:
        assert refused.title and refused.next_step, refused.code
        return refused.code
    return "taken"


def receipt(victim: Victim, dice: random.Random) -> str:
    """The province's receipt from a stick, spoilt outside or hostile inside."""
    content = victim.template.files["receipt"]
    inside = dice.random() < 0.8
    content = victim.template.receipt.forged(dice) if inside else _some("bytes", (content,), dice)
    return victim.command("bundle", "receipt", str(_placed(victim, content, dice)))


def bundle(victim: Victim, dice: random.Random) -> str:
    """A desk's bundle at the province, the same."""
    content = victim.template.files["bundle"]
    inside = dice.random() < 0.8
    content = victim.template.bundle.forged(dice) if inside else _some("bytes", (content,), dice)
    db = f"sqlite:///{victim.province / 'gateway.db'}"
    return victim.command("gateway", "import", "--db", db, str(_placed(victim, content, dice)))


@cache
def _wire() -> tuple[bytes, ...]:
    return tuple(json.dumps(each, ensure_ascii=False).encode() for each in (WIRE, INDEX_WIRE))


INDEX_WIRE = {**WIRE, "cases": [], "fees": [], "version": 8}
_REFERENCE = Reference()


def procedure(victim: Victim, dice: random.Random) -> str:
    """A procedure version as the province publishes it: what is kept must still let the desk open."""
    body = _some("json", _wire(), dice)
    try:
        package = messages.read_answer(procedures.Package, body, max_bytes=LARGE)
        procedures._require_readable(body)
    except (messages.BadAnswer, NotBelievedError) as refused:
        return type(refused).__name__
    row = {"code": package.code, "version": package.version, "sha256": "0" * 64, "body": body}
    days = {"effective_from": package.effective_from, "effective_to": package.effective_to}
    table = tables.procedure_package
    with victim.desk.store.write() as connection:
        connection.execute(insert(table).values(**row, **days, taken_at=victim.desk.clock.now()))
    try:
        _REFERENCE.load_local(victim.desk.store)
        assert _REFERENCE.catalogue is not None
    finally:
        with victim.desk.store.write() as connection:
            connection.execute(delete(table).where(table.c.sha256 == "0" * 64))
    return "taken"


@cache
def _shipped() -> tuple[bytes, ...]:
    rows = json.loads(resource("catalogue", "procedures.json").read_bytes())["procedures"]
    return tuple(json.dumps(row, ensure_ascii=False).encode() for row in rows[:40])


def catalogue(victim: Victim, dice: random.Random) -> str:
    """A catalogue file in the program's own form."""
    document = _document("json", _shipped(), dice)
    return victim.expect(lambda: procedure_from_json(document, "a"), AppError) if document else "not JSON"


@cache
def _calendars() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(resource("calendars").glob("*.json"))}


def calendar(victim: Victim, dice: random.Random) -> str:
    """A calendar file."""
    name = dice.choice(list(_calendars()))
    document = _document("json", (_calendars()[name],), dice)
    if document is None:
        return "not JSON"
    whole = {each: json.loads(body) for each, body in _calendars().items()} | {name: document}
    return victim.expect(lambda: calendar_from_json(whole), AppError)


def _document(kind: str, samples: Sequence[bytes], dice: random.Random) -> Any:
    try:
        found = json.loads(_some(kind, samples, dice))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def answer(victim: Victim, dice: random.Random) -> str:
    """An answer of the province, mostly by the model that is asked to read it."""
    made = {model: json.dumps(each).encode() for model, each in _told().items()}
    model = dice.choice(list(made))
    body = mutate(made[model], "json", list(made.values()), dice)
    if dice.random() < 0.2:
        model = dice.choice(ANSWERS)
    return victim.expect(lambda: messages.read_answer(model, body, max_bytes=LARGE), messages.BadAnswer)


@cache
def _told() -> dict[type[messages.Message], dict[str, Any]]:
    one = "0192f0c1-0000-7000-8000-000000000001"
    changes = forging.changes_about(one, one, lambda: one)
    page = {"changes": changes, "next_cursor": "c", "more": False}
    verdict = {"event_id": one, "desk_seq": 1, "verdict": "accepted", "received_at": changes[0]["at"]}
    push = {"epoch": one, "received_through_seq": 1, "chain": "0" * 64, "verdicts": [verdict]}
    return {messages.ChangePage: page, messages.PushResponse: push}


def zipped(victim: Victim, dice: random.Random) -> str:
    """A packed answer."""
    sample = gzip.compress(json.dumps(_told()[messages.ChangePage]).encode() * dice.choice((1, 40)))
    body = _some("bytes", (sample,), dice)
    pieces = [body[at : at + 4096] for at in range(0, len(body), 4096)]
    refusals = (inflate.TooLargeError, inflate.BrokenEncodingError)
    return victim.expect(lambda: inflate.inflate(pieces, 16 << 20), *refusals)


def line(victim: Victim, dice: random.Random) -> str:
    """A line of a batch; none of these commands writes a file."""
    samples = [json.dumps(each, ensure_ascii=False).encode() for each in LINES]
    raw = mutate(dice.choice(samples), "json" if dice.random() < 0.7 else "text", samples, dice)
    raw = raw.replace(b"\n", b" ")
    return (
        victim.line(raw)
        if not any(word in raw for word in (b"out", b"--data", b"into", b"-h"))
        else "skipped"
    )


def typed(victim: Victim, dice: random.Random) -> str:
    """Text typed or pasted into a field."""
    text = _text_of(_some("text", [each.encode() for each in TYPED], dice))
    reader = dice.choice(TEXTS)
    own = (ValueError,) if reader is keys.words_to_secret else ()
    return victim.expect(lambda: reader(text), AppError, *own)


def looked_for(victim: Victim, dice: random.Random) -> str:
    """The search box."""
    text = _text_of(_some("text", [each.encode() for each in TYPED], dice))
    return victim.command("find", "--", text, who="canbo")


def own_files(victim: Victim, dice: random.Random) -> str:
    """The desk's public file and the window's settings, changed by somebody."""
    if dice.random() < 0.5:
        path = victim.folder / "settings.json"
        path.write_bytes(_some("json", [b'{"text_scale": 125, "theme": "dark", "printer": "quay2"}'], dice))
        found = settings.load_settings(victim.folder)
        path.unlink()
        assert 75 <= found.text_scale <= 175
        return "taken as defaults"
    sample = keys.desk_file(victim.folder).read_bytes()
    changed = _some("json", [sample], dice)
    return _in_words(victim, lambda: keys.key_of(keys.parse_desk_file(changed), desks.ENVIRON))


def authority(victim: Victim, dice: random.Random) -> str:
    """``enrol --ca F.pem`` and a code, with nobody at the other end."""
    path = _placed(victim, _some("text", [_PEM], dice), dice)
    code = "ABCD-EFGH-JKLM-NPQR-STUV"
    if dice.random() < 0.3:
        code = _text_of(_some("text", [code.encode()], dice))
    return victim.command("enrol", "--url", "https://127.0.0.1:9", f"--code={code}", "--ca", str(path))


_PEM = b"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----\n"

DOORS = (
    Door("card text", 30, card),
    Door("card text, stored", 8, receive_card),
    Door("person file", 12, person),
    Door("form package", 25, eform_package),
    Door("declaration values", 6, eform_values),
    Door("scan, stored", 12, scan),
    Door("scan, kind", 20, scan_kind),
    Door("backup", 12, backup),
    Door("receipt bundle", 20, receipt),
    Door("desk bundle", 12, bundle),
    Door("procedure package", 12, procedure),
    Door("catalogue file", 12, catalogue),
    Door("calendar file", 10, calendar),
    Door("province's answer", 20, answer),
    Door("packed answer", 10, zipped),
    Door("batch line", 20, line),
    Door("typed text", 30, typed),
    Door("search text", 10, looked_for),
    Door("desk's own files", 10, own_files),
    Door("certificate file", 2, authority),
)
