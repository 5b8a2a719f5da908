"""Screen Tiếp nhận: one citizen, one procedure, from the card to the slip.

``form`` is what has been filled in, apart from any widget; ``work`` is what the worker does with it; the
other modules are parts of the page; ``screen`` joins them.
"""
