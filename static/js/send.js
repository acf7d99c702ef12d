// Sending: the bubble stands at once, under the id the server will use; a failed one keeps its text and can be retried.
(() => {
  const pattern = () => document.getElementById("sending");

  const newId = () =>
    ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (digit) =>
      (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
    );

  const bubbleOf = (ctx) => document.getElementById(`message-${ctx.request.body?.get?.("client_message_id")}`);

  const draw = (id, words) => {
    const bubble = pattern().content.firstElementChild.cloneNode(true);
    bubble.id = `message-${id}`;
    bubble.classList.add("message--sending");
    bubble.querySelector(".bubble").textContent = words;
    document.getElementById("messages").append(bubble);
    bubble.dispatchEvent(new CustomEvent("message:drawn", { bubbles: true }));
  };

  const fail = (bubble) => {
    if (!bubble?.classList.contains("message--sending")) return;
    bubble.classList.replace("message--sending", "message--failed");
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "message__retry";
    retry.textContent = pattern().dataset.failed;
    bubble.append(retry);
  };

  const retry = (bubble) => {
    bubble.querySelector(".message__retry").remove();
    bubble.classList.replace("message--failed", "message--sending");
    document.getElementById("composer-text").focus();
    htmx.ajax("POST", document.getElementById("composer").action, {
      source: bubble,
      swap: "none",
      values: { message: bubble.querySelector(".bubble").textContent, client_message_id: bubble.id.slice(8) },
    });
  };

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.sourceElement.matches("form[data-send]")) return;
    const words = ctx.request.body.get("message").trim();
    if (!words) return event.preventDefault();
    draw(ctx.request.body.get("client_message_id"), words);
    const next = newId();
    for (const field of document.querySelectorAll("[data-send] [name=client_message_id]")) field.value = next;
    if (ctx.sourceElement.id === "composer") window.composer.write("");
  });

  const onFailure = (event) => event.detail?.ctx && fail(bubbleOf(event.detail.ctx));
  document.addEventListener("htmx:error", onFailure);
  document.addEventListener("htmx:response:error", onFailure);

  document.addEventListener("click", (event) => {
    const bubble = event.target.closest(".message--failed");
    if (bubble) retry(bubble);
  });
})();
