// Reading: the page stays at the newest message (CSS does that) unless the reader scrolled up; then a button leads there.
(() => {
  const scroller = document.getElementById("scroller");
  const newer = document.getElementById("newer");
  const messages = document.getElementById("messages");
  if (!scroller || !messages) return;

  const NEAR = 48; // column-reverse counts from the bottom, downwards from zero
  const atEnd = () => Math.abs(scroller.scrollTop) < NEAR;
  const toEnd = () => { scroller.scrollTop = 0; };

  // Times as the server writes them: Spanish as in the US, French as in Quebec.
  const { lang } = document.documentElement;
  const format = new Intl.DateTimeFormat({ es: "es-US", fr: "fr-CA" }[lang] ?? lang, { hour: "numeric", minute: "2-digit", timeZone: messages.dataset.zone });
  const stamp = () => {
    for (const time of messages.querySelectorAll("time:empty")) {
      time.textContent = format.format(time.dateTime ? new Date(time.dateTime) : new Date());
    }
  };

  new MutationObserver(() => {
    stamp();
    if (newer && !atEnd()) newer.hidden = false;
  }).observe(messages, { childList: true });

  scroller.addEventListener("scroll", () => {
    if (newer && atEnd()) newer.hidden = true;
  }, { passive: true });
  newer?.addEventListener("click", toEnd);
  document.addEventListener("message:drawn", toEnd);
  stamp();
})();
