"""Names the desk has certified often are offered; a rare one, which may hold a person's name, is not."""

from __future__ import annotations

from app.domain.certification import Kind
from app.protocol.ids import new_id
from app.services.certify import CopyBatch, CopyLine, certify_batch
from app.services.certify.usual import shipped_papers, usual_papers
from tests.support.desk import HUONG, make_desk, officer


def test_the_desks_own_names_come_after_the_shipped_ones(tmp_path):
    desk = make_desk(tmp_path)
    by = officer(desk)
    often = [CopyLine(new_id(), "Giấy mời họp thôn", 1, 1) for _ in range(3)]
    signed = [CopyLine(new_id(), "Bản tường trình", 1, 1, Kind.SIGNATURE) for _ in range(4)]
    rare = [CopyLine(new_id(), "Giấy nợ của ông Lò Văn Pó", 1, 1) for _ in range(2)]
    known = [CopyLine(new_id(), "Giấy khai sinh", 1, 1) for _ in range(3)]
    certify_batch(desk, by, CopyBatch(new_id(), HUONG, (*often, *signed, *rare, *known)))
    own = usual_papers(desk, by)[len(shipped_papers()) :]
    assert [(paper.name, paper.kind) for paper in own] == [
        ("Bản tường trình", Kind.SIGNATURE),
        ("Giấy mời họp thôn", Kind.COPY),
    ]
    desk.close()
