"""The screens there are: their place in the rail, and where their code is (loaded when first shown)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from app.domain.roles import Officer, Permission
from app.text import t
from app.ui.screen import Context, Screen
from app.ui.widgets import NavItem


@dataclass(frozen=True)
class Place:
    """One screen. ``rail`` names the entry of the rail that is marked while it is shown."""

    name: str
    code: str
    rail: str
    key: str = ""


LEADER = "leader"
AUDIT = "audit"
"""The places that not everybody sees."""

PLACES = (
    Place("today", "app.ui.today.screen:TodayScreen", "today"),
    Place("reception", "app.ui.reception.screen:ReceptionScreen", "reception", "F2"),
    Place("certify", "app.ui.certify.screen:CertifyScreen", "certify", "F12"),
    Place("dossiers", "app.ui.dossiers.screen:DossiersScreen", "dossiers", "F3"),
    Place("dossier", "app.ui.dossier_detail.screen:DossierScreen", "dossiers"),
    Place("eform", "app.ui.eform.screen:EformScreen", "dossiers"),
    Place("returning", "app.ui.returning.screen:ReturningScreen", "returning"),
    Place("handover", "app.ui.returning.lists_screen:ListsScreen", "returning"),
    Place("cash", "app.ui.cash.screen:CashScreen", "cash"),
    Place("procedures", "app.ui.procedures.screen:ProceduresScreen", "procedures"),
    Place("account_help", "app.ui.account_help.screen:AccountHelpScreen", "account_help"),
    Place("sync", "app.ui.sync_status.screen:SyncScreen", "sync"),
    Place("prints", "app.ui.waiting_prints.screen:WaitingPrintsScreen", "prints"),
    Place("field", "app.ui.field.screen:FieldScreen", "field"),
    Place("leader", "app.ui.leader.screen:LeaderScreen", "leader"),
    Place("audit", "app.ui.audit.screen:AuditScreen", "audit"),
    Place("settings", "app.ui.settings.screen:SettingsScreen", "settings"),
)


_NEEDS = {
    "today": Permission.VIEW,
    "reception": Permission.RECEIVE,
    "certify": Permission.RECEIVE,
    "dossiers": Permission.SEARCH,
    "returning": Permission.RETURN,
    "cash": Permission.VIEW,
    "account_help": Permission.HELP_ACCOUNT,
    "prints": Permission.PRINT,
    "field": Permission.VIEW,
    "sync": Permission.SYNC,
}
"""What a place of the rail is for; the services behind it ask again. Others are open to all, or have their
own rule."""


def opens(rail: str, officer: Officer) -> bool:
    """Whether there is anything for the officer at that place of the rail."""
    needed = _NEEDS.get(rail)
    return needed is None or officer.may(needed)


def rail_items(
    *, leads: bool = False, audits: bool = False, officer: Officer | None = None
) -> tuple[NavItem, ...]:
    """The rail: only what exists and, of an ``officer``, what is for the role; the leader's place for who
    leads, the log for who may read it."""
    items = (
        NavItem("today", t("Hôm nay"), "home", main=True),
        NavItem("reception", t("Tiếp nhận"), "inbox-down", "F2", main=True),
        NavItem("certify", t("Chứng thực"), "stamp", "F12", main=True),
        NavItem("dossiers", t("Hồ sơ"), "folder", "F3", main=True),
        NavItem("returning", t("Trả kết quả"), "tray-up", "F8", main=True),
        NavItem("cash", t("Thu tiền"), "money"),
        NavItem("procedures", t("Thủ tục"), "book", starts_group=True),
        NavItem("account_help", t("Hỗ trợ tài khoản"), "person-plus"),
        NavItem("field", t("Lưu động"), "people"),
        NavItem("prints", t("Chờ in"), "printer"),
        NavItem("sync", t("Đồng bộ"), "sync", "F5", main=True, starts_group=True),
        NavItem(LEADER, t("Lãnh đạo"), "pen"),
        NavItem(AUDIT, t("Nhật ký"), "shield-check"),
        NavItem("settings", t("Cài đặt"), "sliders"),
    )
    hidden = {key for key, seen in ((LEADER, leads), (AUDIT, audits)) if not seen}
    if officer is not None:
        hidden |= {item.key for item in items if not opens(item.key, officer)}
    return tuple(item for item in items if item.key not in hidden)


def place(name: str) -> Place:
    """The screen of that name."""
    return next(each for each in PLACES if each.name == name)


def make_screen(name: str, context: Context) -> Screen:
    """A new screen of that name."""
    module, _, kind = place(name).code.partition(":")
    screen = getattr(import_module(module), kind)(context)
    assert isinstance(screen, Screen)
    return screen
