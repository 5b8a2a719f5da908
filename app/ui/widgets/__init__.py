"""The parts screens are built of; README.md beside this file shows each in use.

A screen never styles a widget by hand: it takes parts, roles (``Type``) and tones (``Tone``) from here.
"""

from app.ui.widgets.action_bar import ActionBar
from app.ui.widgets.avatar import Avatar
from app.ui.widgets.badge import StateBadge
from app.ui.widgets.bar_chart import BarChart, BarDatum
from app.ui.widgets.button import Button, Kind, Size
from app.ui.widgets.card import Card
from app.ui.widgets.check_list import CheckList
from app.ui.widgets.check_row import CheckItem, CheckRow, Need
from app.ui.widgets.chip_bar import Chip, ChipBar, ChipItem
from app.ui.widgets.choice_field import ChoiceField, SearchField
from app.ui.widgets.data_table import DataTable
from app.ui.widgets.divider import Divider
from app.ui.widgets.drawings import Drawing, DrawingView
from app.ui.widgets.empty_state import EmptyState, WayOn
from app.ui.widgets.facts import AmountRow, Fact
from app.ui.widgets.field import Field, FieldFrame
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.header import Header
from app.ui.widgets.icons import IconView, icon_names
from app.ui.widgets.input_box import InputBox, LineEdit
from app.ui.widgets.key_cap import KeyCap
from app.ui.widgets.label import Label
from app.ui.widgets.legend import Legend
from app.ui.widgets.light import Light, StatusLight
from app.ui.widgets.look import Theme, Type, current, font, is_narrow, metrics, px, theme
from app.ui.widgets.mark import Mark, StateText
from app.ui.widgets.nav_rail import NavItem, NavRail
from app.ui.widgets.notice import Notice, NoticeKind, NoticeLine
from app.ui.widgets.number_tile import NumberTile
from app.ui.widgets.paper import PaperPreview
from app.ui.widgets.parsed_field import DateField, ParsedField, PhoneField
from app.ui.widgets.popup_list import Choice, PopupList
from app.ui.widgets.progress import Bar, Progress, ProgressState
from app.ui.widgets.row_list import RowItem, RowList
from app.ui.widgets.scroll import ScrollColumn
from app.ui.widgets.segmented import SegmentedChoice
from app.ui.widgets.shapes import (
    Shape,
    State,
    done,
    late,
    near,
    ready,
    sent_back,
    stopped,
    to_send,
    under_way,
    waiting_citizen,
)
from app.ui.widgets.share_bar import ShareBar
from app.ui.widgets.status_bar import StatusBar
from app.ui.widgets.step_list import Step, StepList
from app.ui.widgets.table_model import CELL_ROLE, Column, ColumnKind, RowsModel
from app.ui.widgets.text_area import TextArea
from app.ui.widgets.timeline import Timeline, TimelineEntry, When
from app.ui.widgets.tokens import Mode, Tokens, Tone

__all__ = [
    "CELL_ROLE",
    "ActionBar",
    "AmountRow",
    "Avatar",
    "Bar",
    "BarChart",
    "BarDatum",
    "Button",
    "Card",
    "CheckItem",
    "CheckList",
    "CheckRow",
    "Chip",
    "ChipBar",
    "ChipItem",
    "Choice",
    "ChoiceField",
    "Column",
    "ColumnKind",
    "DataTable",
    "DateField",
    "Divider",
    "Drawing",
    "DrawingView",
    "EmptyState",
    "Fact",
    "Field",
    "FieldFrame",
    "FlowLayout",
    "Header",
    "IconView",
    "InputBox",
    "KeyCap",
    "Kind",
    "Label",
    "Legend",
    "Light",
    "LineEdit",
    "Mark",
    "Mode",
    "NavItem",
    "NavRail",
    "Need",
    "Notice",
    "NoticeKind",
    "NoticeLine",
    "NumberTile",
    "PaperPreview",
    "ParsedField",
    "PhoneField",
    "PopupList",
    "Progress",
    "ProgressState",
    "RowItem",
    "RowList",
    "RowsModel",
    "ScrollColumn",
    "SearchField",
    "SegmentedChoice",
    "Shape",
    "ShareBar",
    "Size",
    "State",
    "StateBadge",
    "StateText",
    "StatusBar",
    "StatusLight",
    "Step",
    "StepList",
    "TextArea",
    "Theme",
    "Timeline",
    "TimelineEntry",
    "Tokens",
    "Tone",
    "Type",
    "WayOn",
    "When",
    "current",
    "done",
    "font",
    "icon_names",
    "is_narrow",
    "late",
    "metrics",
    "near",
    "px",
    "ready",
    "sent_back",
    "stopped",
    "theme",
    "to_send",
    "under_way",
    "waiting_citizen",
]
