import pytest
from flask import abort

from app.web.errors import ApiError


@pytest.fixture
def failing(web_app_with):
    app = web_app_with()

    @app.get("/fails/<int:status>")
    @app.get("/api/fails/<int:status>")
    def fails(status):
        abort(status)

    @app.get("/api/refuses")
    def refuses():
        raise ApiError(409, "taken", "That time is taken.")

    return app.test_client()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_people_get_a_friendly_page_that_says_nothing_of_our_insides(failing, status):
    answer = failing.get(f"/fails/{status}")

    assert answer.status_code == status
    assert answer.content_type.startswith("text/html")
    assert "<h1" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_programs_get_json(failing, status):
    answer = failing.get(f"/api/fails/{status}")

    assert answer.status_code == status
    assert set(answer.get_json()["error"]) == {"code", "message"}


def test_a_refusal_says_why(failing):
    answer = failing.get("/api/refuses")

    assert answer.status_code == 409
    assert answer.get_json() == {"error": {"code": "taken", "message": "That time is taken."}}


def test_a_piece_of_a_page_gets_a_piece_of_an_error(failing):
    answer = failing.get("/fails/404", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert answer.status_code == 404
    assert "<html" not in answer.text
    assert "<h1" in answer.text


def test_a_wrong_method_says_which_are_right(failing):
    answer = failing.post("/fails/404")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
