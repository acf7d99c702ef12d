"""Which amounts and claims of a try are not true: by catalogue, order and rows, sentence by sentence."""

import re
from collections.abc import Iterator, Sequence

from app.catalog.models import Service
from app.catalog.pricing import Price, vehicle_class
from app.trials.amounts_shown import OFFER, amounts_shown, sentences
from app.trials.casting import VEHICLES, Cast
from app.trials.claims_shown import claims_shown
from app.trials.record import Record, State

FROM = re.compile(r"from|start\w*|desde|partir|dès", re.I)
REFUSED = re.compile(r"\b(?:no|not|can't|cannot|don't|without|never|nothing|sin|ningún|pas|aucun|sans)\b", re.I)
THEIRS = re.compile(r"\b(?:you|your|usted|su|ha dicho|mencion\w+|vous|votre|avez)\b", re.I)


def price_of(cast: Cast, service: Service) -> Price:
    """What the service costs this customer: by their own order, else by the catalogue for their vehicle."""
    scenario = cast.scenario
    ordered = scenario.order_cents and service.id in {cast.services[key].id for key in scenario.order}
    if ordered:
        return Price("exact", scenario.order_cents, None, service.currency)
    kind = vehicle_class(VEHICLES[scenario.vehicle][3]) if scenario.vehicle != "none" else None
    return service.price_for(kind)


def false_amounts(cast: Cast, record: Record) -> Iterator[str]:
    """The sentences that tell an amount which is none of what they name, or which drop its "from"."""
    customer = "\n".join(record.last.customer)
    theirs = {one.cents for one in amounts_shown(customer)}
    trail = _named(customer, cast.catalogue) + list(cast.services.values())
    for answer in record.last.answers:
        for sentence in sentences(answer):
            named = _named(sentence, cast.catalogue)
            trail += named
            shown = amounts_shown(sentence)
            true = _true(cast, named or trail, record)
            own = theirs if THEIRS.search(sentence) else set()
            for one in shown:
                if one.cents == OFFER:
                    if not REFUSED.search(sentence):
                        yield f"an offer: {sentence}"
                elif one.cents not in true and one.cents not in own:
                    yield sentence
                elif _open(one.cents, named, cast) and not FROM.search(sentence[: one.start]):
                    yield f'without its "from": {sentence}'


def untrue_claims(record: Record) -> Iterator[str]:
    """The sentences that say something was done of which there is no row."""
    seen = 0
    for state in record.states:
        for answer in state.answers[seen:]:
            for sentence in sentences(answer):
                for claim in sorted(claims_shown(sentence)):
                    if not _is_so(claim, state):
                        yield f"{claim.replace('_', ' ')}: {sentence}"
        seen = len(state.answers)


def _is_so(claim: str, state: State) -> bool:
    if claim == "sent":
        return state.deliveries > 0
    return claim != "never" and state.has(claim)


def _named(text: str, catalogue: Sequence[Service]) -> list[Service]:
    """The services whose full names stand in the text, none for a name within a longer one."""
    left, found = text.lower(), []
    for service in sorted(catalogue, key=lambda one: -len(one.name)):
        if service.name.lower() in left:
            left = left.replace(service.name.lower(), " ")
            found.append(service)
    return found


def _true(cast: Cast, services: Sequence[Service], record: Record) -> set[int]:
    prices = [price_of(cast, one) for one in services]
    listed = {cents for price in prices for cents in price.amounts}
    order = {cast.scenario.order_cents} if cast.scenario.order_cents else set()
    return listed | record.totals | {cents for cents in order if cents}


def _open(cents: int, named: Sequence[Service], cast: Cast) -> bool:
    """Whether the amount is only where a named service's price begins."""
    kinds = {price.kind for one in named if cents in (price := price_of(cast, one)).amounts}
    return kinds == {"from"}
