"""The address that ends email to one person, in the header that mail programs show as a button (RFC 8058)."""

from flask import current_app

from app.web.links import LinkError, read, sign

PURPOSE = "unsubscribe"
# What somebody asked to be sent, or must be told, is no list to leave.
NO_LIST = frozenset({"staff", "opt_out_confirmation"})


def unsubscribe_url(company_id: int, address: str) -> str:
    """The address for one mailbox at one company. Opening it shows a page; posting to it ends email."""
    token = sign(PURPOSE, [company_id, address.strip().lower()])
    return f"{current_app.config['SETTINGS'].public_url}/webhooks/email/unsubscribe?token={token}"


def named_by(token: str) -> tuple[int, str] | None:
    """The company and mailbox that an unsubscribe address of ours names, however old; None for anything else."""
    try:
        company_id, address = read(PURPOSE, token, None).payload
    except LinkError:
        return None
    return int(company_id), str(address)


def unsubscribe_headers(purpose: str, company_id: int, address: str) -> dict[str, str]:
    """`List-Unsubscribe` and its one-click companion; none for mail that is no list."""
    if purpose in NO_LIST:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(company_id, address)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
