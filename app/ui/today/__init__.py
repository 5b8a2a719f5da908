"""Hôm nay: what is due, late, waiting and unsent, and what to do first."""

from app.ui.today.screen import TodayScreen

__all__ = ["TodayScreen"]
