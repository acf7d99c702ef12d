"""Who is asked next when a provider fails, before or after its first words."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from app.ai.breaker import Breaker
from app.ai.calls import CallMeter, close_events
from app.ai.faults import of_kind
from app.ai.port import AssistantTurn, CustomerTurn, Event, Prompt, Provider, ProviderError, Stop

__all__ = ["CONTINUE", "Chain", "breaker_of", "continued"]

logger = logging.getLogger(__name__)

CONTINUE = (
    "[The connection broke. Go on exactly where your last message stops. "
    "Do not repeat any of it and do not mention this note.]"
)

_breakers: dict[str, Breaker] = {}


def breaker_of(provider: str) -> Breaker:
    """This process's breaker for the provider of that name."""
    return _breakers.setdefault(provider, Breaker())


def continued(prompt: Prompt, said: str) -> Prompt:
    """The prompt that makes a model go on after `said`, what was kept of the broken call; nothing kept, the same."""
    if not said:
        return prompt
    return replace(prompt, turns=(*prompt.turns, AssistantTurn(said), CustomerTurn(CONTINUE)))


class Chain:
    """The providers of one reply, in order. One round is one answer of the model (a tool loop has several).

        while True:
            call = None
            try:
                call = chain.open(prompt)
                for event in call: ...
                break
            except ProviderError as error:
                if not chain.failed(error):
                    raise
                prompt = continued(prompt, what_was_kept_of_this_call)
            finally:
                if call: call.close(); rows.append(call.row(...))

    In a round each provider is asked at most once, and once all have failed the first whose error may pass is asked
    a second time if `deadline` (time.monotonic) allows. The provider that answered a round begins the next one.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        deadline: float | None = None,
        breakers: Callable[[str], Breaker] = breaker_of,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = list(providers)
        self._queue = list(providers)
        self._passing: list[Provider] = []
        self._again = False
        self._current: Provider | None = None
        self._deadline, self._breakers, self._now = deadline, breakers, monotonic

    @property
    def exhausted(self) -> bool:
        """Whether nobody is left to ask in this round."""
        return not self._queue

    def open(self, prompt: Prompt) -> CallMeter:
        """The next ready provider's call; nothing is sent before its first event is asked for.

        Raises ProviderError (refused_by_breaker) when no provider is ready.
        """
        while self._queue:
            provider = self._queue.pop(0)
            if self._breakers(provider.name).allow():
                self._current = provider
                return CallMeter(_Watched(provider, self), prompt)
        error = of_kind("refused_by_breaker", "no provider is ready")
        error.fail_over = False
        raise error

    def again(self) -> None:
        """The current call was ended by us, not by a fault: its provider is asked first the next time."""
        if self._current is not None:
            self._answered(self._current)

    def failed(self, error: ProviderError) -> bool:
        """Take note of the error the current call ended with; whether `open` may be tried once more."""
        if not error.fail_over:
            self._queue = []
            return False
        if self._current is not None and not error.permanent:
            self._passing.append(self._current)
        in_time = self._deadline is None or self._now() < self._deadline
        if not self._queue and not self._again and self._passing and in_time:
            self._again = True
            self._queue = self._passing[:1]
        return not self.exhausted

    def _answered(self, provider: Provider) -> None:
        self._queue = [provider, *(other for other in self._providers if other is not provider)]
        self._passing, self._again = [], False

    def _breaker(self, provider: Provider) -> Breaker:
        return self._breakers(provider.name)


class _Watched:
    """A provider whose calls tell the breaker and the chain how they ended."""

    def __init__(self, provider: Provider, chain: Chain) -> None:
        self.name, self.model = provider.name, provider.model
        self._provider, self._chain = provider, chain

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        breaker = self._chain._breaker(self._provider)
        told = False
        events = self._provider.stream(prompt)
        try:
            for event in events:
                if isinstance(event, Stop):
                    told = True
                    breaker.succeeded()
                    self._chain._answered(self._provider)
                yield event
        except ProviderError as error:
            told = True
            breaker.failed(error)
            logger.warning("%s failed (%s): %s [request %s]", self.name, error.kind, error, error.request_id)
            raise
        finally:
            close_events(events)
            if not told:
                breaker.abandoned()
