// The newest text stays in view, as on a phone; a reader who has scrolled up is left where they are.
let atEnd = true

function thread() {
  return document.querySelector(".phone__thread")
}

function toEnd() {
  const list = thread()
  if (list && atEnd) list.scrollTop = list.scrollHeight
}

document.addEventListener("scroll", ({ target }) => {
  if (target === thread()) atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 40
}, true)
document.addEventListener("htmx:after:swap", toEnd)
document.addEventListener("DOMContentLoaded", toEnd)
