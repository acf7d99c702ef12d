// The live feed: connect again after anything, and say so only when it takes long enough to matter.
(() => {
  const PATIENCE = 1500;
  const GONE = [401, 403, 404, 410];
  const feed = document.getElementById("feed");
  const note = document.getElementById("connection");
  if (!feed) return;
  let pending, connection;
  let wait = 1000;

  const well = () => {
    clearTimeout(pending);
    pending = null;
    wait = 1000;
    if (note) note.hidden = true;
  };

  const trouble = () => {
    pending ??= setTimeout(() => { if (note && !document.hidden) note.hidden = false; }, PATIENCE);
  };

  // htmx reconnects a feed that once stood; one that never stood or was given up is started over here.
  const startOver = () => {
    trouble();
    setTimeout(() => htmx.trigger(feed, "feed:retry"), wait);
    wait = Math.min(wait * 2, 8000);
  };

  // Back on a network: a wait is cut short, and a connection that seems to stand is made anew, for it may lead nowhere.
  const renew = () => {
    if (document.hidden || !connection) return;
    if (connection.delayCanceller) connection.delayCanceller();
    else connection.reader?.cancel();
  };

  feed.addEventListener("htmx:sse:before:connection", (event) => {
    connection = event.detail.connection;
    if (connection.attempt > 0) trouble();
  });
  feed.addEventListener("htmx:sse:after:connection", well);
  feed.addEventListener("htmx:sse:error", (event) => {
    if (GONE.includes(event.detail.status)) location.reload();
    trouble();
  });
  feed.addEventListener("htmx:sse:close", (event) => {
    if (event.detail.reason === "ended") startOver();
  });
  feed.addEventListener("htmx:error", startOver);
  feed.addEventListener("htmx:response:error", startOver);
  window.addEventListener("online", renew);
  window.addEventListener("offline", trouble);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
