"""The day's work in any order: the next command line for a batch."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tests.hunt.driver import CARD, CERTIFY, RECEIVE
from tests.hunt.power.keeping import RUN
from tests.hunt.power.ledger import Heard, Ledger

NEW = (
    (*RECEIVE,),
    (*RECEIVE,),
    (*RECEIVE, "--register-only"),
    (*CERTIFY,),
    ("receive", "--procedure", "2.000635", "--card", CARD, "--all-required"),
)
LAWFUL = {
    1: ("accept", "refuse"),
    2: ("start", "request-supplement", "request-fee", "pay", "complete", "withdraw", "stop", "extend",
        "transfer"),
    3: ("reopen",),
    4: ("request-supplement", "request-fee", "pay", "complete", "withdraw", "stop", "extend", "transfer"),
    5: ("supplement", "withdraw", "stop", "accept-custody"),
    6: ("pay", "withdraw", "stop"),
    7: ("return", "stop", "reopen"),
    8: ("return",),
    9: ("return", "reopen", "pay"),
}  # fmt: skip
GUIDE = (
    *("guide", "--procedure", "1.001193", "--missing", "giay_chung_sinh"),
    *("--name", "Lò", "--phone", "0900000123"),
)
CHILD = {
    "nyc_quan_he": "Mẹ",
    "con_ho_ten": "Hoàng Ma Ngọc Ánh",
    "con_ngay_sinh": "2/11/2026",
    "con_gioi_tinh": "Nữ",
    "con_dan_toc": "Tày",
    "con_noi_sinh": "Trung tâm Y tế Na Hang",
    "con_que_quan": "xã Nà Hang, tỉnh Tuyên Quang",
    "cam_doan": True,
}


class Work:
    """Chooses by dice; ``room``: where papers and answers lie, outside the disk that fails; ``runs``: how
    often somebody of the office lets go of what is past its term."""

    def __init__(self, ledger: Ledger, dice: random.Random, room: Path, backups: Path) -> None:
        self._ledger, self._dice, self._room, self._backups = ledger, dice, room, backups
        self._count = 0
        self.runs = 0.06
        self._values = room / "values.json"
        self._values.write_text(json.dumps(CHILD, ensure_ascii=False), "utf-8")
        self._result = room / "result.pdf"

    def line(self, *, leader: bool) -> list[str]:
        """The next command; ``leader``: acts of the leader may be asked for."""
        dice = self._dice
        if leader and dice.random() < self.runs:
            return list(RUN)
        known = list(self._ledger.dossiers.values())[-12:]
        if not known or dice.random() < 0.25:
            return list(dice.choice(NEW))
        one = dice.choice(known)
        chance = dice.random()
        if chance < 0.5 and one.status in LAWFUL:
            return self._act(one, leader=leader)
        if chance < 0.7:
            return self._slip(one)
        return self._other(one)

    def _act(self, one: Heard, *, leader: bool) -> list[str]:
        act = self._dice.choice(LAWFUL[one.status])
        line = ["do", one.number, act]
        if act in (
            "request-supplement",
            "refuse",
            "extend",
            "withdraw",
            "stop",
            "reopen",
            "request-fee",
            "transfer",
        ):
            line += ["--reason", "Lý do thử"]
        if act in ("request-supplement", "supplement"):
            line += ["--item", "Giấy chứng sinh"]
        if act == "accept":
            for paper in ("to_khai", "giay_chung_sinh", "giay_to_tuy_than"):
                line += ["--item", paper]
        if act == "extend":
            line += ["--due", "2027-03-01T09:00"]
        if act in ("pay", "request-fee"):
            line += ["--amount", "8000"]
        if act == "transfer":
            line += ["--to", "02248"]
        if act == "complete":
            self._result.write_bytes(
                b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n%%"
                + self._dice.randbytes(9).hex().encode()
            )
            line += ["--result-no", "25/2026", "--file", str(self._result)]
        if act == "return":
            line += ["--recipient", "Lò Văn Sáu", "--relation", "Chồng", "--recipient-id", "B1234567"]
        if act == "reopen" and leader:
            line = ["--as", "lanhdao", *line]
        return line

    def _slip(self, one: Heard) -> list[str]:
        self._count += 1
        out = self._room / f"paper-{self._count}.pdf"
        self._ledger.papers.append(out)
        form = self._dice.choice(("01", "01", "01", "06", "02", "05"))
        return ["slip", one.number, "--form", form, "--out", str(out)]

    def _other(self, one: Heard) -> list[str]:
        chance = self._dice.random()
        out = str(self._room / "other.pdf")
        if chance < 0.2:
            return [
                "eform",
                "fill",
                one.number,
                "--form",
                "khai_sinh",
                "--values",
                str(self._values),
                "--out",
                out,
            ]
        if chance < 0.5:
            return ["receipt", "take", one.number, "--amount", "5000"]
        if chance < 0.65 and self._ledger.receipts:
            gone = self._dice.choice(sorted(self._ledger.receipts))
            return ["receipt", "cancel", gone, "--reason", "Ghi nhầm"]
        if chance < 0.75:
            return [*GUIDE, "--out", out]
        if chance < 0.85:
            return ["show", one.number]
        if chance < 0.93:
            return ["backup", str(self._backups / "quay.mcbackup")]
        return ["find", "hường"]
