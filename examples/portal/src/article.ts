/** The number of an article; for who is signed in, a button that shows its text. */
import { answer, client } from './api'
import { fill, h } from './dom'
import { t } from './language'
import { problemBox } from './problem'
import type { Session } from './session'

export function articleLink(number: string, session?: Session): HTMLElement {
  if (!session?.signedIn) return h('span', { class: 'article' }, number)
  const show = (): void => void open(number, session)
  return h('button', { type: 'button', class: 'article', 'aria-label': t('article', { number }), onclick: show }, number)
}

async function open(number: string, session: Session): Promise<void> {
  const text = h('div', {}, t('loading'))
  const dialog = h(
    'dialog',
    { 'aria-label': t('article', { number }) },
    h('h2', {}, t('article', { number })),
    text,
    h('form', { method: 'dialog' }, h('button', {}, t('close'))),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  const path = { number }
  try {
    const found = await answer(client(session).GET('/api/v1/regulation/articles/{number}', { params: { path } }))
    fill(text, h('blockquote', {}, found.text ?? t('no_text')))
  } catch (error) {
    fill(text, problemBox(error, session))
  }
}
