"""No picture of this program's memory on the disk when it dies: there are citizens and keys in it.

Linux and macOS: a core file of at most one byte is no core file. Behind ``core_pattern`` a crash collector is
handed the whole memory even at a limit of 0 (core(5): limits are not enforced there); at 1 the kernel's
``fs/coredump.c`` gives up. Whoever is started from here inherits it. ``PR_SET_DUMPABLE`` is left alone: with
it the desktop's file dialogs could no longer tell which program asks.

Windows: no error report of this process, and none of its heap where one is made all the same. Written by the
documentation of ``SetErrorMode`` and ``WerSetFlags``; it has not been run on Windows.
"""

from __future__ import annotations

import sys
from contextlib import suppress

_NO_CRITICAL, _NO_FAULT_BOX = 0x0001, 0x0002
"""``SEM_FAILCRITICALERRORS``, ``SEM_NOGPFAULTERRORBOX``."""
_NO_HEAP = 0x0001
"""``WER_FAULT_REPORTING_FLAG_NOHEAP``."""
_NONE = 1


def forbid_dumps() -> None:
    """From now on and for good; a system that refuses is left as it is, the program starts all the same."""
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            from ctypes import windll

            windll.kernel32.SetErrorMode(windll.kernel32.GetErrorMode() | _NO_CRITICAL | _NO_FAULT_BOX)
            windll.kernel32.WerSetFlags(_NO_HEAP)
        return
    import resource

    with suppress(OSError, ValueError):
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        least = 0 if most == 0 else _NONE
        resource.setrlimit(resource.RLIMIT_CORE, (least, least))
