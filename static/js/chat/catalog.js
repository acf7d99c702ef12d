// The catalogue opens over the chat; "ask about this" writes the question into the composer.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
    return;
  }
  const question = event.target.closest("[data-ask]");
  if (question) {
    question.closest("dialog")?.close();
    document.querySelector("details.context")?.removeAttribute("open");
    window.composer.write(question.dataset.ask);
  }
  if (event.target.matches("dialog.sheet")) event.target.close(); // the backdrop
});
