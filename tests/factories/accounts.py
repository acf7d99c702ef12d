"""Staff. The cast: Ana advises at one store, Sam manages one, Frances runs the franchise."""

from itertools import count

from flask.testing import FlaskClient

from app.accounts.models import StaffUser
from app.accounts.sign_in import sign_in_url
from app.db import db
from app.locations.models import Location

_numbers = count(1)
NAMES = {"advisor": "Ana", "store_manager": "Sam", "franchise_admin": "Frances"}


def make_staff(location: Location, role: str = "advisor", **given: object) -> StaffUser:
    """Staff of the location's company; the location is theirs unless they are a franchise admin."""
    staff = StaffUser(
        **{
            "company_id": location.company_id,
            "email": f"staff{next(_numbers)}@example.com",
            "name": NAMES[role],
            "role": role,
            "locations": [] if role == "franchise_admin" else [location],
            **given,
        }
    )
    db.session.add(staff)
    db.session.flush()
    return staff


def sign_in(client: FlaskClient, staff: StaffUser) -> FlaskClient:
    """Sign the client in by the link, as a person does."""
    url = sign_in_url(staff)
    db.session.commit()
    response = client.post(url, headers={"Origin": "http://localhost"})
    assert response.status_code == 303, response.text
    return client
