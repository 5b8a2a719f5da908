"""The layout of Thủ tục: search and list at left, the procedure at right, the act below."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.catalogue import Detail, ProcedureVersion
from app.text import t
from app.ui.procedures.facts_card import FactsCard
from app.ui.procedures.papers_card import PapersCard
from app.ui.procedures.referrals import Referral
from app.ui.procedures.words import replaced_words
from app.ui.settled import SettledColumn
from app.ui.widgets import (
    ActionBar,
    Button,
    Card,
    Drawing,
    EmptyState,
    Field,
    Kind,
    Label,
    Notice,
    NoticeKind,
    RowList,
    ScrollColumn,
    Size,
    State,
    StateBadge,
    Tone,
    Type,
    is_narrow,
    px,
    waiting_citizen,
)

_LIST = 352
_LIST_NARROW = 284
_FACTS = 316


class ProceduresView:
    """Built into ``holder``."""

    def __init__(self, holder: QWidget) -> None:
        self._holder = holder
        self._shown: ProcedureVersion | None = None
        self.search = Field(
            "", placeholder=t("Tên thường gọi, chữ tắt hoặc mã: ks"), icon="search", height=40
        )
        self.search.line.setAccessibleName(t("Tìm thủ tục"))
        self.list = RowList(name=t("Thủ tục tìm thấy"), lines=True)
        self.list_card = Card()
        self.list_card.full.addWidget(self.list, 1)
        self.referral = Notice(NoticeKind.INFO, "", icon="people")
        self.referral_act = self.referral.add_act("")
        self.referral.hide()
        self.failure = Notice(NoticeKind.WARN, "")
        self.again = self.failure.add_act(t("Thử lại"))
        self.failure.hide()
        self.head, self.papers, self.facts = _Head(), PapersCard(), FactsCard()
        self.nothing = EmptyState(
            t("Chưa tìm thấy thủ tục nào"),
            t("Gõ ít chữ hơn, không cần dấu. Ví dụ: ks, đất đai, bảo trợ."),
            drawing=Drawing.SEARCH,
        )
        self.bar = ActionBar()
        self.receive = self.bar.add_button(
            Button(t("Tiếp nhận thủ tục này"), Kind.PRIMARY, icon="inbox-down", cap="F2", size=Size.BIG)
        )
        self._build(holder)
        self.restyle()

    def _build(self, holder: QWidget) -> None:
        self._left_holder = QWidget()
        self._left = QVBoxLayout(self._left_holder)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.addWidget(self.search)
        self._left.addWidget(self.referral)
        self._left.addWidget(self.list_card, 1)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.addWidget(self.papers, 1)
        self._pair.addWidget(self.facts)
        self._inner = SettledColumn()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.head)
        self._column.addLayout(self._pair, 1)
        self.scroll = ScrollColumn(self._inner)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.scroll)
        self._stack.addWidget(self.nothing)
        self._right = QVBoxLayout()
        self._right.addWidget(self.failure)
        self._right.addWidget(self._stack, 1)
        self._across = QHBoxLayout()
        self._across.addWidget(self._left_holder)
        self._across.addLayout(self._right, 1)
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._across, 1)
        outer.addWidget(self.bar)

    def show_procedure(self, version: ProcedureVersion) -> None:
        """Another procedure, from its top; the one already shown is left as it is."""
        self._stack.setCurrentWidget(self.scroll)
        self.receive.setEnabled(True)
        if version is self._shown:
            return
        self._shown = version
        self.head.set_procedure(version)
        self.papers.set_procedure(version)
        self.facts.set_procedure(version)
        self.scroll.verticalScrollBar().setValue(0)
        self._inner.settle_soon()

    def show_nothing(self) -> None:
        """No procedure fits what was typed."""
        self._stack.setCurrentWidget(self.nothing)
        self.receive.setEnabled(False)

    def show_referral(self, referral: Referral | None) -> None:
        """Where else to send the citizen; ``None`` hides it."""
        if referral is not None:
            self.referral.set_notice(NoticeKind.INFO, referral.title, referral.words, icon="people")
            self.referral_act.set_text(referral.act)
            self.referral_act.setVisible(bool(referral.screen))
        self.referral.setVisible(referral is not None)

    def set_narrow(self, narrow: bool) -> None:
        """Papers over facts, a slimmer list."""
        ways = QBoxLayout.Direction
        self._pair.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        self._left_holder.setFixedWidth(px(_LIST_NARROW if narrow else _LIST))
        self.facts.setMinimumWidth(0 if narrow else px(_FACTS))
        self.facts.setMaximumWidth(1 << 20 if narrow else px(_FACTS))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        for layout in (self._across, self._right, self._column, self._pair):
            layout.setSpacing(px(12))
        self._left.setSpacing(px(8))
        self.set_narrow(is_narrow(self._holder.window().size()))


class _Head(Card):
    """The legal name, code, field; the badge of one known by name only."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._name = Label("", Type.SECTION, semibold=True, wrap=True)
        self._line = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self._badge = StateBadge(State(waiting_citizen("").shape, t("chưa có chi tiết"), Tone.AMBER))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self._name)
        words.addWidget(self._line)
        across = QHBoxLayout()
        across.setSpacing(px(12))
        across.addLayout(words, 1)
        across.addWidget(self._badge)
        self.body.addLayout(across)

    def set_procedure(self, version: ProcedureVersion) -> None:
        """Shows another procedure."""
        self._name.setText(version.name)
        parts = (t("Mã {code}").format(code=version.code), replaced_words(version), version.field)
        self._line.setText(" · ".join(part for part in parts if part))
        self._badge.setVisible(version.detail is Detail.INDEX)
        self.setAccessibleName(version.name)
