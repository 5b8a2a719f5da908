"""The window."""

from app.ui.none_guard import keep_none_alive

keep_none_alive()
