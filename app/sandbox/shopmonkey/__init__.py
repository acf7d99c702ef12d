"""A stand-in for ShopMonkey's API v3: the same addresses, envelopes, field names and oddities."""

from app.sandbox.shopmonkey import routes, write_routes

__all__ = ["routes", "write_routes"]
