/** A list that is read page by page. */
import { fill, h } from './dom'
import { t } from './language'
import { problemBox } from './problem'

interface PageOf<Line> {
  readonly items: readonly Line[]
  readonly next?: string | null
}

export async function paged<Line>(
  read: (cursor: string | null) => Promise<PageOf<Line>>,
  show: (line: Line) => HTMLElement,
  none: string,
): Promise<HTMLElement> {
  const list = h('ol', { class: 'cards' })
  const below = h('div')
  const add = async (cursor: string | null): Promise<void> => {
    const page = await read(cursor)
    const shown = page.items.map(show)
    list.append(...shown)
    fill(below, page.next && button(page.next))
    if (cursor) shown[0]?.querySelector<HTMLElement>('a, button')?.focus()
  }
  const more = (cursor: string): Promise<void> => add(cursor).catch((error: unknown) => fill(below, problemBox(error)))
  const button = (cursor: string): HTMLElement => h('button', { type: 'button', onclick: () => void more(cursor) }, t('more'))
  await add(null)
  return list.childElementCount ? h('div', {}, list, below) : h('p', { class: 'nothing' }, none)
}
