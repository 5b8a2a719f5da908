"""Papers drawn on a worker while the window draws them: the program must live through every page.

Usage: python -m tests.hunt.renders [--seconds N] [--plant]

``--plant`` lets the PDF library go with each document, as the desk once did: the process then ends with a
signal after some thousand pages. Prints how many pages were drawn; exit 0 only if the process lived.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from threading import Event, Thread
from time import monotonic

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.ui import printer
from tests.printing.cash_samples import NOTE

WIDTH_PX = 400


def draw(seconds: float, *, plant: bool) -> int:
    """Pages drawn by a worker in that time, in this process."""
    from app.printing.fee_receipt import draw_fee_note

    if plant:
        printer.hold_pdf_library = lambda: None  # type: ignore[assignment,return-value]
    app, pdf, ended = QApplication([]), draw_fee_note(NOTE), Event()
    newest: list[QImage] = []
    drawn = [0]

    def work() -> None:
        while not ended.is_set():
            newest[:] = printer.page_images(pdf, WIDTH_PX)
            drawn[0] += 1

    worker = Thread(target=work)
    worker.start()
    paper = QLabel()
    paper.show()
    end = monotonic() + seconds
    while monotonic() < end:
        if newest:
            paper.setPixmap(QPixmap.fromImage(newest[0]))
        app.processEvents()
        QTest.qWait(1)
    ended.set()
    worker.join()
    return drawn[0]


def main() -> int:
    """In a process of its own, because a fall takes the process with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        print(draw(args.seconds, plant=args.plant))
        return 0
    child = subprocess.run([sys.executable, "-m", "tests.hunt.renders", "--inside", *sys.argv[1:]])
    print("lived" if child.returncode == 0 else f"ended with {child.returncode}")
    return 0 if child.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
