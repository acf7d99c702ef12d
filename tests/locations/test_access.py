import pytest

from app.locations import UnknownStore, company_by_shopmonkey_id, find_by_shopmonkey_id, store_of
from tests.factories.locations import make_company, make_location


def test_a_store_is_found_under_its_own_company_only(app) -> None:
    ours, other = make_location(), make_company()
    assert find_by_shopmonkey_id(ours.company.shopmonkey_id, ours.shopmonkey_id) == ours
    assert find_by_shopmonkey_id(other.shopmonkey_id, ours.shopmonkey_id) is None
    assert store_of(ours.company_id, ours.shopmonkey_id) == ours
    with pytest.raises(UnknownStore, match=ours.shopmonkey_id):
        store_of(other.id, ours.shopmonkey_id)


def test_a_company_nobody_added_is_named_in_the_error(app) -> None:
    with pytest.raises(UnknownStore, match="nobody-knows"):
        company_by_shopmonkey_id("nobody-knows")
