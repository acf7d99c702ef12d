"""A manager looks after the store's catalogue, on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.verbs import expect_accessible, expect_no_sideways_scrolling, staff_sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_a_manager_sets_a_price_and_syncs_on_a_phone_and_looks_at_a_desk(people):
    page = people.somebody()
    staff_sign_in(page, "Morgan Hayes")
    page.get_by_role("link", name="Catalog").click()
    expect(page.get_by_role("heading", name="Catalog")).to_be_visible()
    expect_no_sideways_scrolling(page)
    expect_accessible(page)
    page.get_by_label("Search").fill("two front windows")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Ceramic Tint, Two Front Windows", exact=True).click()
    page.get_by_label("From a price").check()
    expect(page.get_by_label("The higher one, $")).to_be_hidden()
    page.get_by_label("Price, or the lower one, $").fill("189.50")
    expect_no_sideways_scrolling(page)
    expect_accessible(page)
    page.get_by_role("button", name="Save price").click()
    expect(page.get_by_text("from $189.50")).to_be_visible()
    page.get_by_role("button", name="Sync now").click()
    newest = page.locator(".catalog-run").first
    expect(newest).to_contain_text(re.compile("Done.*100 services: 0 new, .*, 0 gone", re.DOTALL), timeout=60_000)
    page.goto("/staff/catalog?search=two+front+windows")
    expect(page.get_by_text("from $189.50")).to_be_visible()

    page = people.at_a_desk()
    staff_sign_in(page, "Morgan Hayes")
    page.goto("/staff/catalog?search=tint")
    expect(page.get_by_role("link", name="Ceramic Tint, Full Car", exact=True)).to_be_visible()
    expect_no_sideways_scrolling(page)
    expect_accessible(page)
    page.get_by_role("link", name="Ceramic Tint, Full Car", exact=True).click()
    expect(page.get_by_label("SUV")).to_be_visible()
    expect_accessible(page)
