"""The national adapter: accepted acts, told onward to the national one-stop portal. Off unless configured.

``record`` and ``history`` say what happened in our own words, ``codes`` and ``g2_body``/``g3_body`` say it in
the portal's, ``g2``/``g3`` make the calls behind one interface (``adapter``), ``queue`` keeps what is to be
done and ``worker`` does it. Nothing here stands in the way of a desk.
"""
