// Saves what is typed into a form as a draft, so that a cut line, a time-out or a closed lid loses nothing of it.
// It is kept by the service and never by the browser, which others may use next. Without scripts, a form is kept when it is sent.
const PAUSE = 2000 // milliseconds without a key before what was typed is saved
const WAIT = 8000 // and at the latest after so many, while somebody types on
const AGAIN = [2000, 4000, 8000, 15000, 30000] // between tries where the line is cut
const HANGS = 15000 // a line that does not answer is a cut one
const PARTING = 60000 // characters that a browser still sends while its page goes
const OURS = ['csrfmiddlewaretoken', 'count', 'age', 'whole']

for (const form of document.querySelectorAll('form[data-draft]')) watch(form)

function watch(form) {
  const signs = form.querySelectorAll('[data-draft-sign]')
  const said = form.querySelector('[data-draft-said]')
  let count = Date.now() // rises with every save, also from one load of a page to the next
  let typedAt = 0
  let savedUpTo = 0
  let asked = 0 // saves under way
  let failed = 0 // tries in a row
  let timer = 0
  let latest = 0 // when to save although somebody types on
  let shown = ''
  let sending = false

  form.addEventListener('input', typed)
  form.addEventListener('change', typed)
  form.addEventListener('focusout', () => save())
  form.addEventListener('submit', numbered)
  addEventListener('online', () => save())
  addEventListener('pagehide', () => save(true))
  document.addEventListener('visibilitychange', () => save(document.visibilityState === 'hidden'))
  addEventListener('pageshow', () => {
    sending = false
    if (holdsMore()) typed() // a browser fills boxes in again without saying so
  })

  function typed() {
    typedAt = Math.max(Date.now(), typedAt + 1)
    latest ||= typedAt + WAIT
    later(Math.min(PAUSE, Math.max(0, latest - typedAt)))
  }

  function later(pause) {
    clearTimeout(timer)
    timer = setTimeout(save, pause)
  }

  function next() {
    return (count = Math.max(Date.now(), count + 1))
  }

  // The line may be cut while the form is sent: then the draft is what is left of it.
  function numbered() {
    save(true)
    sending = true
    for (const old of form.querySelectorAll('input[name=count]')) old.remove()
    const number = document.createElement('input')
    Object.assign(number, { type: 'hidden', name: 'count', value: next() })
    form.append(number)
  }

  async function save(parting = false) {
    if (savedUpTo === typedAt || (asked && parting !== true)) return
    clearTimeout(timer)
    latest = 0
    const upTo = typedAt
    const mine = next()
    const body = written(mine, upTo)
    asked++
    let answer
    try {
      answer = await fetch(form.dataset.draft, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
        keepalive: parting === true && body.length < PARTING,
        signal: AbortSignal.timeout(HANGS)
      })
      if (answer.ok) took(await answer.json(), upTo, mine)
      else refused(answer.status, upTo)
    } catch {
      refused(0, upTo)
    } finally {
      asked--
    }
    if (savedUpTo < typedAt && !failed) later(PAUSE)
  }

  function written(mine, upTo) {
    const body = new URLSearchParams()
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && !OURS.includes(name)) body.append(name, value)
    }
    body.append('count', mine)
    body.append('age', Math.max(0, Date.now() - upTo))
    body.append('whole', 'yes')
    return body.toString()
  }

  function took(answer, upTo, mine) {
    failed = 0
    if (answer.count > mine && answer.count > count) {
      count = answer.count // the clock was set back: number on from there
      return
    }
    savedUpTo = Math.max(savedUpTo, upTo)
    for (const place of form.querySelectorAll('[data-draft-at]')) place.textContent = answer.at
    show(!answer.kept ? 'done' : answer.signedOut ? 'signed-out' : answer.elsewhere ? 'elsewhere' : 'saved')
  }

  function refused(status, upTo) {
    if (upTo < savedUpTo) return // overtaken by one that came through
    if (status === 413 || status === 404) {
      savedUpTo = upTo // trying again would change nothing; typing on may
      show(status === 413 ? 'long' : 'old')
    } else {
      if (status !== 429) show('cut')
      later(AGAIN[Math.min(failed++, AGAIN.length - 1)])
    }
  }

  // Screen readers hear what changes, and not each minute that a draft is saved anew.
  function show(what) {
    if (sending) return
    for (const sign of signs) {
      sign.hidden = sign.dataset.draftSign !== what
      if (!sign.hidden && what !== shown) said.textContent = sign.textContent
    }
    shown = what
  }

  function holdsMore() {
    return [...form.elements].some((box) =>
      box.type === 'checkbox' || box.type === 'radio'
        ? box.checked !== box.defaultChecked
        : ['text', 'textarea'].includes(box.type) && box.value !== box.defaultValue
    )
  }
}
