"""What every email to a lead carries: where answers go, which email it follows, and how the store looks in one."""

from flask_babel import gettext as _

from app.leads.models import Lead
from app.leads.reply_address import reply_address
from app.lib.phone import display
from app.messaging.threading import last_subject, thread_headers
from app.messaging.unsubscribe import unsubscribe_url
from app.web.colour import palettes, parse
from app.web.i18n import current_language


def reply_headers(lead: Lead) -> dict[str, str]:
    """`Reply-To`, `In-Reply-To` and `References` of the next email to this lead, as far as there are any."""
    address = reply_address(lead)
    return {**({"Reply-To": address} if address else {}), **thread_headers(lead.id)}


def subject_of_answer(lead: Lead) -> str:
    """The subject under which an answer lands in the customer's own thread."""
    asked = last_subject(lead.id)
    if not asked:
        return _("Your answer from %(store)s", store=lead.location.name)
    return asked if asked.lower().startswith(("re:", "rv:", "tr:")) else f"Re: {asked}"


def mail_look(lead: Lead) -> dict[str, object]:
    """What an email's template needs, written out: mail programs know no stylesheet of ours."""
    store = lead.location
    light = palettes(parse(store.brand_color))[0]
    email = lead.customer.email if lead.customer else None
    return {
        "store": store,
        "brand": light.brand.hex,
        "on_brand": light.on_brand.hex,
        "phone": display(store.phone) if store.phone else "",
        "language": current_language(),
        "unsubscribe": unsubscribe_url(lead.company_id, email) if email else "",
    }
