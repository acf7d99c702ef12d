// The newest text stays in view, as on a phone; a reader who has scrolled up is left where they are.
let atEnd = true

const thread = () => document.querySelector(".phone__thread")

const toEnd = () => {
  const list = thread()
  if (list && atEnd) list.scrollTop = list.scrollHeight
}

document.addEventListener("scroll", ({ target }) => {
  if (target === thread()) atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 40
}, true)
document.addEventListener("htmx:after:swap", toEnd)
document.addEventListener("DOMContentLoaded", toEnd)

// What was written has left the phone.
document.addEventListener("htmx:after:request", ({ detail }) => {
  const form = detail.ctx?.sourceElement
  if (form?.matches(".phone__say")) form.reset()
})
