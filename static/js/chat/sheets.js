// Sheets open over the chat: the catalogue, booking. "Ask about this" writes the question into the composer.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    if (opener.matches("a")) event.preventDefault(); // a button goes on to send its form
    const sheet = document.getElementById(opener.dataset.dialog);
    if (!sheet.open) sheet.showModal();
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
