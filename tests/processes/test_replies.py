"""A process dies or stops while it writes an answer: the customer loses nothing, and nothing is paid for twice."""

import uuid

from tests.processes.system import Gate, Guest, Page, System, eventually
from tests.wire.llm_server import Say, Stop, Wait, words

FIRST = "Happy to help with that. "
SECOND = "Ceramic film keeps the heat out. "
THIRD = "It lasts for many years. "
LAST = "Shall I ask the team?"
# Two sentences within one update would be shown together: the pause makes the second one an update of its own.
BREATH = Wait(0.4)
CUT_LISTENERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'listen-live'"
)


def open_page(guest: Guest, process) -> Page:
    page = Page(guest)
    page.connect(process)
    return page


def replies_of(system: System, guest: Guest) -> list[tuple]:
    return system.rows("SELECT status, attempt FROM replies WHERE conversation_id = %s", guest.conversation_id)


def answers_of(system: System, guest: Guest) -> list[tuple]:
    return system.rows(
        "SELECT status, text FROM messages WHERE conversation_id = %s AND author = 'assistant'", guest.conversation_id
    )


def calls_of(system: System, guest: Guest) -> list[str]:
    query = (
        "SELECT outcome FROM provider_calls JOIN replies ON replies.id = reply_id WHERE conversation_id = %s"
        " ORDER BY provider_calls.id"
    )
    return [outcome for (outcome,) in system.rows(query, guest.conversation_id)]


def test_a_killed_process_leaves_its_answer_to_another_that_goes_on_from_the_shown_words(system, guest) -> None:
    writing, other = system.web
    system.llm.play(Say(FIRST), BREATH, Say(SECOND), Wait(60))
    system.llm.play(*words(THIRD), Say(LAST), Stop())
    page = open_page(guest, writing)
    assert guest.say(writing, "What would keep my car cool?") == 200
    assert page.read_until(lambda: SECOND.strip() in page.answer())
    writing.kill()
    page.read_to_end()
    page.connect(other)
    assert page.read_until(page.whole)
    page.close()
    whole = FIRST + SECOND + THIRD + LAST
    assert answers_of(system, guest) == [("whole", whole)]
    assert page.answer() == whole
    assert all(whole.startswith(shown) for shown in page.shown), page.shown
    assert replies_of(system, guest) == [("done", 2)]
    assert [len(system.llm.requests), calls_of(system, guest)] == [2, ["aborted", "ok"]]
    told = system.llm.requests[1].body["messages"]
    assert (FIRST + SECOND).strip() in str([turn for turn in told if turn["role"] == "assistant"])


def test_a_restart_in_mid_answer_loses_nothing_and_pays_once(system, guest) -> None:
    stopping, other = system.web
    gate = Gate()
    system.llm.play(Say(FIRST), BREATH, Say(SECOND), gate, *words(THIRD), Say(LAST), Stop())
    page = open_page(guest, stopping)
    assert guest.say(stopping, "How long does it take?") == 200
    assert page.read_until(lambda: SECOND.strip() in page.answer())
    stopping.terminate_worker()
    page.read_to_end()
    page.connect(other)
    gate.open()
    assert page.read_until(page.whole)
    page.close()
    assert page.answer() == FIRST + SECOND + THIRD + LAST
    assert all(page.answer().startswith(shown) for shown in page.shown), page.shown
    assert replies_of(system, guest) == [("done", 1)]
    assert [len(system.llm.requests), calls_of(system, guest)] == [1, ["ok"]]


def test_a_message_whose_process_dies_before_it_asks_a_provider_is_answered_once(system, guest) -> None:
    dying, other = system.web
    system.llm.play(Wait(60))
    system.llm.play(Say(LAST), Stop())
    assert guest.say(dying, "Are you there?") == 200
    eventually(lambda: system.llm.requests, "the call")
    dying.kill()
    page = open_page(guest, other)
    assert page.read_until(page.whole)
    page.close()
    assert answers_of(system, guest) == [("whole", LAST)]
    assert [len(system.llm.requests), calls_of(system, guest)] == [2, ["aborted", "ok"]]


def test_a_feed_hears_everything_again_after_its_database_connection_was_cut(system, guest) -> None:
    posting, reading = system.web
    page = open_page(guest, reading)
    system.llm.play(Say(FIRST), Stop())
    assert guest.say(posting, "First question") == 200
    assert page.read_until(lambda: page.whole() and page.answer() == FIRST.strip())
    assert system.rows(CUT_LISTENERS)
    client_message_id = uuid.uuid4().hex
    system.llm.play(Say(SECOND), Stop())
    assert guest.say(posting, "Second question", client_message_id) == 200
    assert page.read_until(lambda: page.answer() == SECOND.strip() and page.messages[max(page.messages)][1] is False)
    system.llm.play(Say(THIRD), Stop())
    assert guest.say(posting, "Third question") == 200
    assert page.read_until(lambda: page.answer() == THIRD.strip() and page.messages[max(page.messages)][1] is False)
    page.close()
    assert [text for text, _ in page.messages.values()] == [FIRST.strip(), SECOND.strip(), THIRD.strip()]
