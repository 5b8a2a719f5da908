"""Every way a citizen comes into the product by a command, in the order of a day; each line in turn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.hunt.leaks import markers as m
from tests.hunt.leaks.child import Room
from tests.hunt.power.work import CHILD

DAY = ("--from", "2026-01-01", "--to", "2026-12-31")


def inputs(room: Room) -> None:
    """Files an officer has beside: people, answers of a declaration, a result."""
    person = {"name": m.NAME, "id_kind": "passport", "id_value": m.PASSPORT, "address": f"Thôn {m.PLACE}"}
    helper = {"name": m.HELPER, "id_kind": "none", "address": f"Thôn {m.PLACE}"}
    bad = {"name": m.NAME, "address": m.PLACE, "sex": "x"}
    values = {**CHILD, "con_ho_ten": m.NAME, "con_que_quan": m.PLACE}
    for name, document in (("person", person), ("helper", helper), ("bad", bad), ("values", values)):
        (room.asked / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    (room.asked / "result.pdf").write_bytes(
        f"%PDF-1.7\n1 0 obj<<>>endobj\n% {m.NAME}\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n".encode()
    )


def lines(room: Room, numbers: list[str], cases: list[str], receipts: list[str]) -> Iterator[list[str]]:
    """The commands; numbers given out on the way are appended to the lists by whoever hears them."""
    file = lambda name: str(room.asked / name)  # noqa: E731
    received = ["receive", "--procedure", "1.001193", "--card", m.CARD, "--all-required", "--phone", m.PHONE]
    yield received
    yield ["receive", "--procedure", "2.000635", "--person", file("person.json"), "--all-required"]
    chief = ["--as", "lanhdao"]
    yield [*chief, *received, "--submitter", file("helper.json"), "--relation", m.NOTE, "--override-reason",
           m.REASON, "--channel", "post"]  # fmt: skip
    yield [*received, "--register-only"]
    yield ["certify", "--card", m.CARD, "--paper", m.NOTE, "--pages", "2", "--copies", "1"]
    yield ["guide", "--procedure", "1.001193", "--missing", "giay_chung_sinh", "--words", m.NOTE,
           "--name", m.NAME, "--phone", m.PHONE, "--out", file("guide.pdf")]  # fmt: skip
    one, two = numbers[0], numbers[2]
    for form in ("01", "06", "02"):
        yield ["slip", one, "--form", form, "--out", file(f"slip-{form}.pdf")]
    yield ["eform", "fill", one, "--form", "khai_sinh", "--values", file("values.json"), "--out",
           file("form.pdf")]  # fmt: skip
    yield ["eform", "export", one, "--form", "khai_sinh", "--out", file("form.json")]
    yield ["correct", one, "--owner-email", m.EMAIL, "--reason", m.REASON, "--out", file("corrected.pdf")]
    yield ["do", one, "request-supplement", "--item", m.NOTE, "--reason", m.REASON]
    yield ["do", one, "supplement", "--item", m.NOTE]
    yield ["do", one, "complete", "--result-no", m.RESULT, "--signer", m.HELPER, "--file", file("result.pdf")]
    yield ["post", "in", two, "--arrived", "2026-11-20", "--envelope", m.NOTE, "--bill", "RR123456785VN"]
    yield ["post", "out", one, "--name", m.HELPER, "--phone", m.PHONE, "--address", m.PLACE]
    yield ["post", "label", one, "--out", file("label.pdf")]
    yield ["post", "back", one, "--note", m.NOTE]
    yield ["receipt", "take", two, "--amount", "5000", "--reference", m.NOTE]
    if receipts:
        yield ["receipt", "cancel", receipts[0], "--reason", m.REASON]
    yield ["handover", "out", two, "--to", "02248", "--note", m.NOTE, "--out", file("list.pdf")]
    yield ["do", one, "return", "--recipient", m.HELPER, "--recipient-id", m.PASSPORT, "--relation", m.NOTE]
    yield ["cash", "count", "--note", "5000:1", "--reason", m.REASON]
    yield ["assist", "open", "--card", m.CARD, "--phone", m.PHONE, "--consent", "tracking", "--consent",
           "contact"]  # fmt: skip
    if cases:
        yield ["assist", "step", cases[0], "--to", "thieu_dieu_kien", "--obstacle", "sim_not_owner", "--note",
               m.NOTE]  # fmt: skip
    yield ["field", "open", "--place", m.PLACE, "--note", m.NOTE]
    yield received
    yield ["field", "close"]
    yield ["field", "list", "--out", file("field.pdf")]
    yield [*chief, "queue", "on"]
    yield ["queue", "draw", "--out", file("ticket.pdf")]
    for text in (m.NAME, m.IDENTITY, m.PHONE, one):
        yield ["find", text]
    yield ["show", one]
    yield ["evidence", one, "--out", file("evidence.pdf")]
    yield ["report", "register", *DAY, "--out", file("register.pdf")]
    yield ["day-book", *DAY, "--out", file("book.pdf")]
    yield from _refused(room)
    yield ["bundle", "export", file("goi.bundle")]
    yield ["backup", str(room.seen / "stick" / "quay.mcbackup")]
    yield ["audit", "verify"]


def _refused(room: Room) -> Iterator[list[str]]:
    """Errors that name what was typed."""
    yield ["receive", "--procedure", "1.001193", "--card", m.CARD]
    yield ["receive", "--procedure", "1.001193", "--person", str(room.asked / "bad.json")]
    yield ["read-card", m.CARD[:40]]
    yield ["show", m.NAME]
    yield ["receive", m.NAME, m.IDENTITY]
    yield ["--as", m.NAME, "find", m.NAME]
    yield ["eform", "import", str(Path(room.asked) / m.NAME)]
    yield ["enrol", "--url", f"https://{m.EMAIL}", "--code", m.NOTE]
