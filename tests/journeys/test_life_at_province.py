"""What this life's further acts tell is what a province that follows the protocol takes in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.clock import SystemClock
from app.domain.component_rules import ComponentSpec, HeldPaper
from app.domain.dossier_status import Act
from app.domain.people import Address, IdKind, Person
from app.models import tables
from app.services.intake.reception import receive_dossier
from app.services.intake.visit import Authority, OtherParty, OtherRole
from app.services.life import ActOrder, Recipient, ResultPaper, do_act
from app.services.papers.slip_correction import SlipField, correct_dossier
from app.sync.context import SyncDesk
from app.sync.enrolment import enrol
from app.sync.round import run_round
from tests.support.desk import birth, make_desk, officer
from tests.support.gateway import running_gateway

FOREIGNER = Person(name="Jean", id_kind=IdKind.PASSPORT, id_value="FR1234567", nationality="Pháp")


def _verdicts(desk):
    e = tables.event.c
    with desk.store.read() as connection:
        rows = connection.execute(select(e.type, e.verdict, e.verdict_body).order_by(e.desk_seq))
        return [(row.type, row.verdict, json.dumps(row.verdict_body, ensure_ascii=False)) for row in rows]


def test_overrides_held_papers_corrections_and_posted_results_are_accepted(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    by, leader = officer(desk), officer(desk, "lanhdao")
    held = HeldPaper("CSDL quốc gia về dân cư", date(2026, 11, 23), national_store=True)
    intake = birth(
        all_required=False,
        components=(ComponentSpec("to_khai"), ComponentSpec("giay_to_tuy_than", held=held)),
        submitter=FOREIGNER,
        relation="Cha",
        authority=Authority("Giấy ủy quyền"),
        others=(OtherParty(OtherRole.MOTHER, FOREIGNER),),
        return_method="post",
        return_address=Address(as_written="Thôn Nà Mẫu, xã Nà Hang"),
        override="Thiên tai, mất giấy tờ",
    )
    number = receive_dossier(desk, leader, intake).number
    correct_dossier(desk, by, number, {SlipField.SUBMITTER_NAME: "Jean Valjean"}, "Thiếu họ")
    correct_dossier(desk, by, number, {SlipField.OWNER_PHONE: ""}, "Số của người khác")
    result = ResultPaper(system="Hộ tịch dùng chung", foreign_no="2026/77", signer="Nông Văn Chủ")
    do_act(desk, by, number, ActOrder(Act.COMPLETE, result=result))
    do_act(desk, leader, number, ActOrder(Act.REOPEN, reason="Sai tên"))
    do_act(desk, leader, number, ActOrder(Act.COMPLETE, result_no="78"))
    do_act(desk, by, number, ActOrder(Act.RETURN, recipient=Recipient(bill_code="EE123456789VN")))
    with running_gateway(tmp_path / "province") as gateway:
        beside = SyncDesk(desk.store, desk.files, SystemClock(), desk.folder)
        enrol(beside, gateway.url, gateway.enrolment_code("quay-1"))
        report = run_round(beside)
    verdicts = _verdicts(desk)
    assert [each for each in verdicts if each[1] != "accepted"] == []
    assert [kind for kind, _, _ in verdicts][1:] == [
        "dossier.received",
        "dossier.amended",
        "dossier.amended",
        "dossier.completed",
        "dossier.progress",
        "dossier.completed",
        "dossier.returned",
    ]
    assert report.reconciled
    desk.close()
