"""No list of any screen shows a whole identity or telephone number (RELIABILITY, data rules)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget
from sqlalchemy import update

from app.clock import FixedClock
from app.domain.account_help import ConsentPurpose
from app.domain.dossier_status import Act
from app.domain.privacy import RequestKind
from app.models import tables
from app.services.desk import Desk
from app.services.help.account_help import open_case
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.papers.slips import make_slip, note_printed
from app.services.privacy.requests import RequestOrder, record_request
from app.ui.registry import PLACES, make_screen
from app.ui.screen import Context, Screen
from app.ui.widgets import RowList
from app.ui.widgets.table_model import CELL_ROLE
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer
from tests.ui.desk_screens import a_screen, settle

PHONE = "0900000123"
SECRETS = (HUONG.id_value or "", "008198 000000", PHONE, "0900 000 123")
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    CELL_ROLE,
)
REFUSED = {"verdict": "rejected", "verdict_at": MONDAY, "verdict_body": {}}
_FORMS = {"reception", "dossier", "eform"}
"""Places where one citizen is worked on; opening one is a reading of the record."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same citizen wherever a list could show her."""
    made = make_desk(tmp_path_factory.mktemp("masked"), FixedClock(MONDAY))
    canbo = officer(made)
    working = receive_dossier(made, canbo, birth())
    ended = receive_dossier(made, canbo, birth())
    for act in (Act.START, Act.COMPLETE):
        do_act(made, canbo, ended.number, ActOrder(act))
    slip = make_slip(made, canbo, working.id)
    note_printed(made, canbo, slip.job_id, "", ok=False)
    every = (ConsentPurpose.TRACKING, ConsentPurpose.CONTACT, ConsentPurpose.REMINDER)
    open_case(made, canbo, HUONG, PHONE, every)
    order = RequestOrder(RequestKind.ACCESS, HUONG.name, HUONG.id_value or "", "Cho xem", PHONE)
    record_request(made, canbo, order)
    with made.store.write() as connection:
        connection.execute(update(tables.event).values(REFUSED))
    yield made
    made.close()


def shown_in_lists(screen: QWidget) -> list[str]:
    """Every text of every list and table, whether in sight or scrolled away."""
    found: list[str] = []
    for view in screen.findChildren(QAbstractItemView):
        if isinstance(view, RowList):
            found += [f"{item.title} {item.detail} {item.right}" for item in view.items()]
        model = view.model()
        if model is None:
            continue
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
        for row in range(model.rowCount(QModelIndex())):
            for column in range(columns):
                index = model.index(row, column)
                found += [str(index.data(role)) for role in _ROLES if index.data(role) is not None]
    return found


def test_the_look_finds_a_number_that_is_there(desk, tmp_path):
    from app.ui.widgets import RowItem

    class Careless(Screen):
        name = "today"

        def __init__(self, context: Context) -> None:
            super().__init__(context)
            self.list = RowList([RowItem("1", HUONG.name, PHONE)], name="x", lines=True)
            self.list.setParent(self)

    with a_screen(desk, Careless, tmp_path) as window:
        assert any(PHONE in text for text in shown_in_lists(window.screen))


@pytest.mark.parametrize("place", [each.name for each in PLACES if each.name not in _FORMS])
def test_lists_mask_numbers(desk, tmp_path, place):
    login = "lanhdao"
    with a_screen(
        desk, lambda context: make_screen(place, context), tmp_path, by=officer(desk, login)
    ) as window:
        settle(window.screen.context.background, 20)
        texts = shown_in_lists(window.screen)
        if place in ("dossiers", "account_help", "prints", "returning", "today"):
            assert any(HUONG.name in text for text in texts), "else the test sees nothing"
        assert [text for text in texts if any(secret in text for secret in SECRETS)] == []


@pytest.mark.parametrize("section", ["requests", "consents", "terms", "support"])
def test_lists_of_the_settings_mask_numbers(desk, tmp_path, section):
    kind = lambda context: make_screen("settings", context)  # noqa: E731
    with a_screen(desk, kind, tmp_path, by=officer(desk, "lanhdao"), argument=section) as window:
        texts = shown_in_lists(window.screen)
        if section in ("requests", "consents"):
            assert any(HUONG.name in text for text in texts)
        assert [text for text in texts if any(secret in text for secret in SECRETS)] == []
