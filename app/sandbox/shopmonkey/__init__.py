"""A stand-in for ShopMonkey's API v3: the same addresses, envelopes, field names and oddities."""
