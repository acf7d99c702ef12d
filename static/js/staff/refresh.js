// Parts that keep themselves fresh: each asks again after its own seconds, while somebody can see the page.
(() => {
  const due = new Map();
  const tick = () => {
    if (document.hidden) return;
    for (const part of document.querySelectorAll("[data-refresh]")) {
      const left = (due.get(part.id) ?? Number(part.dataset.refresh)) - 1;
      due.set(part.id, left > 0 ? left : Number(part.dataset.refresh));
      if (left <= 0) htmx.trigger(part, "refresh");
    }
  };
  const all = () => {
    if (!document.hidden) for (const part of document.querySelectorAll("[data-refresh]")) htmx.trigger(part, "refresh");
  };
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", all);
})();
