// The composer: Enter sends where there is a keyboard, the field grows, the limit shows near its end.
(() => {
  const SHOW_LEFT = 400;

  const grow = (text) => {
    if (!CSS.supports("field-sizing", "content")) {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 2}px`;
    }
    const note = document.getElementById(text.getAttribute("aria-describedby"));
    const left = text.maxLength - text.value.length;
    if (note) note.textContent = left <= SHOW_LEFT ? `${left} ${note.dataset.words}` : "";
  };

  const composer = () => document.getElementById("composer-text");

  document.addEventListener("input", (event) => {
    if (event.target === composer()) grow(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== composer() || event.key !== "Enter") return;
    const plain = !event.shiftKey && !event.altKey && !event.isComposing;
    if (!plain || matchMedia("(hover: none) and (pointer: coarse)").matches) return;
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  });

  window.composer = {
    // Put words in the field and the cursor behind them; no words clears it.
    write(words) {
      const text = composer();
      text.value = words;
      grow(text);
      text.focus();
    },
  };
})();
