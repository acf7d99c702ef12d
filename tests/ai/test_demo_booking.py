"""The demo assistant offers times and books, seeing only what a model sees."""

import pytest

from app.ai.port import Tool
from tests.ai.test_demo import RESULTS, TOOLS, talk

TODAY = "Today at the store: Friday, November 27, 2026. Opens at 8:30 AM"
TIMES = """Open times (Ceramic Tint, Full Car, about 2 h); to book one, give back what stands in its brackets:
- [2026-12-01T09:00] Tuesday, December 1 at 9:00 AM
- [2026-12-01T10:00] Tuesday, December 1 at 10:00 AM
- [2026-12-02T10:00] Wednesday, December 2 at 10:00 AM"""
NAMES = ("free_times", "book_time", "move_visit", "cancel_visit")
BOOKING = (*TOOLS, *(Tool(name, name, {"type": "object", "properties": {}}) for name in NAMES))
GIVEN = {
    **RESULTS,
    "free_times": TIMES,
    "book_time": "Booked: Tuesday, December 1 at 10:00 AM, Ceramic Tint, Full Car. A card shows it to the customer.",
    "move_visit": "Moved to: Wednesday, December 2 at 10:00 AM, Ceramic Tint, Full Car. A card shows it.",
    "cancel_visit": "Cancelled: the visit of Tuesday, December 1 at 10:00 AM.",
}


def called(*said: str, results: dict[str, object] = GIVEN) -> tuple[str, list[str], object]:
    text, asked, _ = talk(*said, tools=BOOKING, results=results, system=(TODAY,))
    return text, [call.name for call in asked], asked[-1].arguments if asked else None


def test_times_are_offered_in_the_tools_wording():
    text, asked, _ = called("Can I book an appointment?")
    assert asked == ["free_times"]
    assert "- Tuesday, December 1 at 9:00 AM" in text
    assert "booked" not in text.lower()


@pytest.mark.parametrize("question", ["Is Tuesday morning free?", "Does tomorrow work?", "¿Y el martes?"])
def test_who_asks_about_a_day_sees_its_times(question):
    _, asked, arguments = called(question)
    assert asked == ["free_times"]
    assert arguments["day"] in ("2026-12-01", "2026-11-28")


@pytest.mark.parametrize(
    "answer", ["Tuesday at 10:00 AM please", "December 1, 10 am", "martes a las 10", "mardi 10 h 00"]
)
def test_the_time_that_the_customer_names_is_booked(answer):
    text, asked, arguments = called("Can I book an appointment?", answer)
    assert asked == ["free_times", "book_time"]
    assert arguments["starts_at"] == "2026-12-01T10:00"
    assert "Booked: Tuesday, December 1 at 10:00 AM" in text
    assert "card" not in text


@pytest.mark.parametrize("answer", ["Tuesday at 9:30 please", "Tuesday at 9:30 am", "martes a las 9:30"])
def test_the_minutes_of_a_named_time_count(answer):
    half_past = TIMES.replace("T10:00", "T09:30").replace("10:00 AM", "9:30 AM")
    _, asked, arguments = called("Can I book an appointment?", answer, results={**GIVEN, "free_times": half_past})
    assert asked == ["free_times", "book_time"]
    assert arguments["starts_at"] == "2026-12-01T09:30"


def test_an_unclear_time_is_asked_about_and_not_booked():
    text, asked, _ = called("Can I book an appointment?", "10 am would be good")
    assert asked == ["free_times"]
    assert "Wednesday, December 2 at 10:00 AM" in text


def test_a_visit_is_moved_or_cancelled_by_words():
    text, asked, _ = called("Please reschedule my visit to Wednesday at 10 am")
    assert asked == ["free_times", "move_visit"]
    assert "Moved to: Wednesday" in text
    text, asked, _ = called("Please cancel my appointment")
    assert asked == ["cancel_visit"]
    assert "Cancelled: the visit" in text


def test_a_time_named_after_asking_to_move_moves_the_visit_and_books_no_second():
    _, asked, arguments = called("Can you move my visit?", "Wednesday at 10 am")
    assert asked == ["free_times", "move_visit"]
    assert arguments == {"starts_at": "2026-12-02T10:00"}
    assert "shall I book" not in called("Can you move my visit?")[0]


@pytest.mark.parametrize("words", ["Do you have a time on Tuesday afternoon?", "Anything open on Wednesday?"])
def test_a_question_for_a_time_is_one(words):
    assert called(words)[1] == ["free_times"]


def test_where_nothing_can_be_booked_the_team_is_called():
    text, asked, _ = called("Can I book?", results={**GIVEN, "free_times": "This store takes no bookings here: call."})
    assert asked == ["free_times", "hand_over"]
    assert RESULTS["hand_over"] in text


def test_what_is_to_be_done_is_searched_first_when_the_tool_asks():
    replies = iter(["Ask what is to be done, and give the ids.", TIMES])

    class Asked(dict):
        def __getitem__(self, name):
            return next(replies) if name == "free_times" else super().__getitem__(name)

    _, asked, _ = called("Can I book a ceramic tint?", results=Asked(GIVEN))
    assert asked == ["free_times", "search_services", "free_times"]
