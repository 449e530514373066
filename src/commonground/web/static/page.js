// The only script of our own: everything works without it.
import { initAll } from './vendor/govuk-frontend.min.js'

initAll()

// Paper shows everything: the folded parts are opened for printing and folded again afterwards.
const opened = []
window.addEventListener('beforeprint', () => {
  for (const part of document.querySelectorAll('details:not([open])')) {
    part.open = true
    opened.push(part)
  }
})
window.addEventListener('afterprint', () => {
  while (opened.length) opened.pop().open = false
})
