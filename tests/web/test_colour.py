import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.brand import brand_url
from app.web.colour import (
    BLACK,
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    READABLE,
    VISIBLE,
    WHITE,
    Colour,
    contrast,
    palettes,
    parse,
)

parts = st.integers(0, 255)
colours = st.builds(Colour, parts, parts, parts)


def test_contrast_is_wcag_s():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
    assert contrast(parse("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)


@given(colours)
def test_whatever_the_brand_everything_stays_readable(brand):
    for palette, grounds in zip(palettes(brand), (LIGHT_GROUNDS, DARK_GROUNDS), strict=True):
        assert contrast(palette.brand, palette.on_brand) >= READABLE
        assert contrast(palette.fill, palette.on_fill) >= READABLE
        for ground in grounds:
            assert contrast(palette.accent, ground) >= READABLE
            assert contrast(palette.fill, ground) >= VISIBLE


@given(colours)
def test_in_daylight_the_brand_is_shown_as_the_store_chose_it(brand):
    assert palettes(brand)[0].brand == brand


@pytest.mark.parametrize("text", ["", "#fff", "red", "#gggggg", "#12345", "#1234567"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError):
        parse(text)


def test_a_store_s_stylesheet_is_kept_for_ever_and_has_both_modes(web_app, web_client):
    answer = web_client.get(brand_url("#C8102E"))

    assert answer.content_type == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--brand:#c8102e" in answer.text
    assert "prefers-color-scheme:dark" in answer.text


def test_an_address_that_names_no_colour_is_not_found(web_client):
    assert web_client.get("/brand/zzzzzz-12345678.css").status_code == 404
    assert web_client.get("/brand/}body{-12345678.css").status_code == 404
