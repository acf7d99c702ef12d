"""Which key, and so which company, a command works with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

import click
from flask import current_app
from sqlalchemy import select

from app.db import db
from app.locations.models import Company
from app.shopmonkey import LocationPayload, ShopMonkeyError, ShopMonkeyPort
from app.sync.clients import client_of, client_of_key, has_own_key
from app.sync.onboarding import OnboardingRefused


@dataclass(frozen=True, slots=True)
class Key:
    """A client, whose `account` it may read (None: what it shows decides), and the key if it is a new one."""

    client: ShopMonkeyPort
    account: str | None
    pasted: str | None


def key_for(company_name: str | None, file: TextIO | None, asking: bool) -> Key:
    """The key of the file, of the company, of the environment, or typed in. Raises OnboardingRefused; commits."""
    companies = _companies(company_name)
    known = companies[0] if len(companies) == 1 and (company_name or file is None) else None
    account = known.shopmonkey_id if known else None
    pasted = file.read().strip() if file else None
    if not pasted and known and has_own_key(known):
        client = client_of(known)
    else:
        if not pasted and len(companies) > 1:
            names = ", ".join(f"{one.shopmonkey_id} ({one.name})" for one in companies)
            raise OnboardingRefused(f"--company: choose one of {names}")
        default = current_app.config["SETTINGS"].shopmonkey_api_key
        pasted = pasted or (None if default else _typed(asking))
        client = client_of_key(pasted or default)
    db.session.commit()
    return Key(client, account, pasted)


def company_behind(key: Key, payloads: Sequence[LocationPayload], name: str | None) -> Company:
    """The company that the locations belong to, made where it is not here yet. Raises OnboardingRefused."""
    accounts = {key.account} if key.account else {one.company_id for one in payloads} - {None}
    if len(accounts) != 1:
        accounts = {_account_of(key)}
    account = accounts.pop()
    company = db.session.scalar(select(Company).where(Company.shopmonkey_id == account))
    if company is None:
        company = Company(shopmonkey_id=account, name=name or payloads[0].name or account)
        db.session.add(company)
        db.session.flush()
    return company


def _account_of(key: Key) -> str:
    try:
        account = key.client.key_status().company_id
    except ShopMonkeyError as error:
        raise OnboardingRefused(str(error)) from error
    if not account:
        raise OnboardingRefused("ShopMonkey does not say which account this key belongs to. Name it with --company.")
    return account


def _companies(name: str | None) -> list[Company]:
    found = list(db.session.scalars(select(Company).order_by(Company.name, Company.id)))
    named = [one for one in found if name in (None, one.shopmonkey_id, one.name)]
    if name and not named:
        raise OnboardingRefused(f"--company {name}: there is no such company")
    return named


def _typed(asking: bool) -> str:
    if not asking:
        raise OnboardingRefused("No key: give --key-file, - for standard input, or set SHOPMONKEY_API_KEY.")
    return str(click.prompt("ShopMonkey API key", hide_input=True)).strip()
