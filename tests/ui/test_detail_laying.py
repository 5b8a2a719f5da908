"""Trình ký from the form of an act: the dossier stays, the leader finds it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.domain.dossier_status import Act, Status
from app.services.people.approvals import approve, waiting_approvals
from app.ui.widgets import NoticeKind
from tests.support.desk import officer
from tests.support.layout_check import find_overlaps
from tests.ui.test_detail_acts import CTRL, Rig, rig

__all__ = ["rig"]


def test_laid_before_the_leader_by_keys(rig: Rig) -> None:
    screen = rig.open()
    rig.press(Act.STOP)
    assert screen.laying.lay.isVisible()
    assert find_overlaps(screen) == []
    rig.key(Qt.Key.Key_S, CTRL)
    assert screen.view.form.reason.error(), "what could not be done is not laid"
    rig.type("Nộp trùng hồ sơ khác")
    rig.key(Qt.Key.Key_S, CTRL)
    assert not screen.view.form.isVisible()
    assert screen.view.news.isVisible() and screen.view.news.kind() is NoticeKind.OK
    assert rig.stored().status is Status.RECEIVED and rig.count(Act.STOP) == 0
    assert any("Trình lãnh đạo ký" in entry.act for entry in screen.view.timeline.entries())
    (laid,) = waiting_approvals(rig.desk, officer(rig.desk, "lanhdao"))
    assert laid.order.reason == "Nộp trùng hồ sơ khác"
    assert approve(rig.desk, officer(rig.desk, "lanhdao"), laid.id).status is Status.STOPPED


def test_only_where_a_signature_is_asked_for(rig: Rig) -> None:
    screen = rig.open()
    rig.press(Act.REQUEST_SUPPLEMENT)
    assert not screen.laying.lay.isVisible()
    rig.key(Qt.Key.Key_S, CTRL)
    assert waiting_approvals(rig.desk, officer(rig.desk, "lanhdao")) == ()


def test_a_leader_does_it_himself(rig: Rig) -> None:
    screen = rig.open("lanhdao")
    rig.press(Act.STOP)
    assert not screen.laying.lay.isVisible()
