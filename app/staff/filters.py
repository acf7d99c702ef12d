"""What the list of leads is narrowed to, and where a page of it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.leads.stages import STAGES
from app.lib.text import whole_number

MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last lead of the page before."""

    created_at: datetime
    lead_id: int

    def __str__(self) -> str:
        return f"{round(self.created_at.timestamp() * 1_000_000)}-{self.lead_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that is no cursor: the list then starts at its top."""
        moment, _, lead_id = text.partition("-")
        if not (moment.isdecimal() and lead_id.isdecimal() and len(moment) <= 17 and len(lead_id) <= 18):
            return None
        seconds, microseconds = divmod(int(moment), 1_000_000)
        return cls(datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds), int(lead_id))


@dataclass(frozen=True, slots=True)
class Filters:
    """Stage, store and search words; what is odd or empty narrows nothing."""

    stage: str = ""
    store: int | None = None
    search: str = ""
    after: Cursor | None = None

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> "Filters":
        """From a query string."""
        stage, store = given.get("stage", ""), given.get("store", "")
        return cls(
            stage=stage if stage in STAGES else "",
            store=whole_number(store),
            search=given.get("search", "").replace("\x00", "").strip()[:100],
            after=Cursor.parse(given.get("after", "")),
        )

    @property
    def words(self) -> list[str]:
        """What each found lead must contain. A phone number in any spelling is one word: its digits."""
        digits = "".join(char for char in self.search if char.isdecimal())
        if len(digits) >= 7 and not any(char.isalpha() for char in self.search):
            return [digits]
        return self.search.split()[:MOST_WORDS]

    @property
    def query(self) -> dict[str, str]:
        """As a query string's parts, without the place in the list."""
        given = {"stage": self.stage, "store": str(self.store or ""), "search": self.search}
        return {name: value for name, value in given.items() if value}
