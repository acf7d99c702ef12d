// Opened is a human gesture on a page that can be seen, never its mere loading: scanners and previews load pages.
(() => {
  const main = document.querySelector("[data-opening]");
  if (!main) return;
  const GESTURES = ["pointerdown", "touchstart", "keydown"];
  const tell = (event) => {
    if (!event.isTrusted || document.hidden) return;
    for (const gesture of GESTURES) removeEventListener(gesture, tell);
    fetch(main.dataset.opening, { method: "POST", keepalive: true }).catch(() => {});
  };
  for (const gesture of GESTURES) addEventListener(gesture, tell, { passive: true });
})();
