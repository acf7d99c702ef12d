"""What a person typed and what cannot be."""

from collections.abc import Mapping


class FieldsRefused(ValueError):
    """Values that cannot be kept; `fields` says why, by field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)
