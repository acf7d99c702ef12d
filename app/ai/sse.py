"""Server-sent events, split in bytes: both providers put one JSON object on one `data:` line."""

from collections.abc import Iterable, Iterator

__all__ = ["payloads"]


def payloads(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """For each chunk that arrives, the data of the events it completes. An unfinished last line is dropped."""
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield [line[5:].strip() for line in lines if line.startswith(b"data:")]
