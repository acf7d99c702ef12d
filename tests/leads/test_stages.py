import pytest

from app.leads.stages import advanced


@pytest.mark.parametrize(
    ("current", "to", "after"),
    [
        ("new", "contacted", "contacted"),
        ("engaged", "contacted", "engaged"),
        ("booked", "engaged", "booked"),
        ("booked", "won", "won"),
        ("won", "lost", "won"),
        ("lost", "contacted", "lost"),
        ("lost", "engaged", "engaged"),
    ],
)
def test_a_lead_only_moves_forward(current: str, to: str, after: str) -> None:
    assert advanced(current, to) == after
