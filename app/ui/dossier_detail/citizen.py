"""Whom the dossier belongs to, who brought it, what it costs."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from app.domain.people import Address
from app.domain.phone import display_phone
from app.services.finding.dossier_detail import DossierDetail, FeeView, PartyView
from app.services.papers.slip_words import money
from app.text import t
from app.ui.widgets import AmountRow, Card, Divider, Fact, Label, Tone, Type, px

_ID_DIGITS = 12
_SEX = {"male": t("Nam"), "female": t("Nữ")}
WAYS = {"counter": t("Tại quầy"), "post": t("Qua bưu chính"), "online": t("Bản điện tử")}


class CitizenCard(Card):
    """Facts of the owner, the submitter where it is another, the fees as far as they are known."""

    def __init__(self) -> None:
        super().__init__(t("Chủ hồ sơ và phí"))
        self._identity = Fact(t("Số định danh"))
        self._born = Fact(t("Ngày sinh"))
        self._phone = Fact(t("Điện thoại"))
        self._address = Fact(t("Nơi cư trú"), elide=True)
        self._submitter = Fact(t("Người nộp"), elide=True)
        self._way = Fact(t("Nhận kết quả"))
        self._facts = QGridLayout()
        self._facts.addWidget(self._identity, 0, 0)
        self._facts.addWidget(self._born, 0, 1)
        self._facts.addWidget(self._phone, 0, 2)
        self._facts.addWidget(self._address, 1, 0, 1, 3)
        self._facts.addWidget(self._submitter, 2, 0, 1, 2)
        self._facts.addWidget(self._way, 2, 2)
        for column in range(3):
            self._facts.setColumnStretch(column, 1)
        self._fees = QVBoxLayout()
        self.body.addLayout(self._facts)
        self.body.addWidget(Divider())
        self.body.addLayout(self._fees)
        self.restyle()

    def set_dossier(self, dossier: DossierDetail) -> None:
        """Shows a dossier."""
        owner = dossier.owner
        self._identity.set_value(identity_words(owner))
        self._born.set_value(_born_words(owner))
        self._phone.set_value(display_phone(owner.phone) if owner.phone else "")
        self._address.set_value(_address_words(owner.address))
        self._submitter.set_value(_submitter_words(dossier))
        self._way.set_value(WAYS.get(dossier.return_method, ""))
        self._set_fees(dossier.fees)

    def _set_fees(self, fees: tuple[FeeView, ...]) -> None:
        while self._fees.count():
            gone = self._fees.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.hide()  # a part shown later than it is taken out would flash as a window
                widget.setParent(None)
                widget.deleteLater()
        if not fees:
            self._fees.addWidget(AmountRow(t("Phí, lệ phí"), t("không thu")))
        for fee in fees:
            self._fees.addWidget(AmountRow(fee.name, fee_words(fee)))
            if fee.amount_vnd is None and fee.rule:
                self._fees.addWidget(Label(fee.rule, Type.LABEL, tone=Tone.SECONDARY, elide=True))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_facts"):
            self._facts.setHorizontalSpacing(px(16))
            self._facts.setVerticalSpacing(px(6))
            self._fees.setSpacing(px(2))


def fee_words(fee: FeeView) -> str:
    """The amount; one the province has not supplied is said to be unknown, never 0."""
    if fee.amount_vnd is None:
        return t("chưa có mức thu")
    return t("{amount} đ").format(amount=money(fee.amount_vnd))


def identity_words(party: PartyView) -> str:
    """``008198 000000``: twelve digits in two groups, anything else as it is."""
    value = party.id_value or ""
    half = _ID_DIGITS // 2
    return f"{value[:half]} {value[half:]}" if len(value) == _ID_DIGITS and value.isdigit() else value


def _born_words(party: PartyView) -> str:
    parts = [f"{party.birth_date:%d/%m/%Y}" if party.birth_date else "", _SEX.get(party.sex or "", "")]
    return " · ".join(part for part in parts if part)


def _submitter_words(dossier: DossierDetail) -> str:
    other = next((party for party in dossier.parties if party.role != "owner"), None)
    if other is None:
        return t("Chủ hồ sơ")
    return f"{other.name} · {other.relation}" if other.relation else other.name


def _address_words(address: Address) -> str:
    return address.as_written or address.detail
