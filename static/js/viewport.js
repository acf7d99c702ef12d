// Safari on iOS lays its keyboard over the page: keep the page as tall as what can be seen.
(() => {
  const seen = window.visualViewport;
  if (!seen || !matchMedia("(pointer: coarse)").matches) return;
  const fit = () => {
    if (seen.scale > 1.01) return; // zoomed in by the reader: leave it alone
    document.documentElement.style.setProperty("--seen-height", `${seen.height}px`);
    window.scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
})();
