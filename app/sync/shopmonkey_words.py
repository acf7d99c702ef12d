"""What to tell a person about ShopMonkey."""

from app.shopmonkey import ShopMonkeyError


def in_words(error: ShopMonkeyError) -> str:
    """What to tell a person about a call that failed."""
    if error.status == 401:
        return "ShopMonkey does not know this key. Copy it again from Settings > Integration > API Keys."
    if error.permanent and error.status is None:
        return str(error)
    if error.key_refused:
        return "ShopMonkey knows this key, but it may not do this. Give it the permission, or make another as an admin."
    if error.status == 429:
        return "ShopMonkey asks us to slow down. Nothing was changed; try again in a minute."
    if error.permanent:
        return f"ShopMonkey refused: {error}"
    return "ShopMonkey does not answer right now. Nothing was changed; try again in a minute."
