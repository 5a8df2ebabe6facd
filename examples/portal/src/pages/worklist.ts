/** The official's desk: what waits for the acting post over all services, as it changes. */
import { answer, client, type Item } from '../api'
import { articleLink } from '../article'
import { bulk } from '../bulk'
import { fill, h } from '../dom'
import { day, moment, t } from '../language'
import { type Counts, follow, type Standing } from '../live'
import { Names } from '../names'
import { problemBox } from '../problem'
import { at, type View, type Visit } from '../route'

type Tile = Exclude<keyof Counts, 'by_workflow'>
const TILES: readonly Tile[] = ['mine', 'unclaimed', 'claimed_by_me', 'overdue', 'escalated', 'unstaffed']
const SHORTEST = 50
const LONGEST = 200 // what one page of the platform holds
const SOON_MS = 150 // several changes at once are one more look

export async function worklist(visit: Visit): Promise<View> {
  const desk = new Desk(visit, await Names.of(visit.session))
  await desk.list()
  void desk.follow()
  return { title: t('worklist'), body: desk.body }
}

class Desk {
  readonly #items = new Map<string, Item>()
  readonly #rows = new Map<string, HTMLElement>()
  readonly #selected = new Set<string>()
  readonly #tiles = h('div', { class: 'tiles', role: 'group', 'aria-label': t('filters') })
  readonly #workflow = h('select', { 'aria-label': t('workflow'), onchange: () => void this.list() })
  readonly #list = h('ol', { class: 'cards', 'aria-label': t('worklist') })
  readonly #below = h('div')
  readonly #bulk = h('div', { class: 'bulk' })
  readonly #standing = h('p', { class: 'standing', role: 'status' })
  readonly #news = h('p', { class: 'unseen', role: 'status' })
  #tile: Tile = 'mine'
  #soon: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  readonly body = [this.#standing, this.#news, this.#tiles, this.#workflow, this.#bulk, this.#list, this.#below]

  constructor(
    readonly visit: Visit,
    readonly names: Names,
  ) {}

  follow(): Promise<void> {
    return follow(
      this.visit.session,
      {
        counts: (counts) => this.#count(counts),
        changed: ({ item, item_id, gone }) => {
          if (gone) this.#drop(item_id)
          else if (item) this.#tell(item)
          this.#look()
        },
        reset: () => this.#look(),
        standing: (standing) => this.#stand(standing),
      },
      this.visit.signal,
    )
  }

  /** Read the list anew, as the filters say; behind the reader's own last decision. */
  async list(cursor?: string): Promise<void> {
    const asked = ++this.#asked
    const { session, signal } = this.visit
    const api = client(session)
    const header = session.position ? { 'Shegong-Position': session.position } : {}
    try {
      const params = { query: { ...this.#query(), ...(cursor ? { cursor } : { limit: this.#length() }) }, header }
      const page = await answer(api.GET('/api/v1/worklist/items', { params, signal }))
      const counts = await answer(api.GET('/api/v1/worklist/counts', { signal }))
      if (asked !== this.#asked) return // the reader has asked for another list meanwhile
      if (page.up_to_date) session.position = null
      else this.#look()
      this.#count(counts)
      // The platform filters by claimed or not; by whom is looked at here.
      const mine = this.#tile === 'claimed_by_me'
      const items = mine ? page.items.filter((item) => item.claimed_by === session.user) : page.items
      this.#show(items, cursor !== undefined)
      const more = (): void => void this.list(page.next ?? undefined)
      fill(this.#below, page.next && h('button', { type: 'button', onclick: more }, t('more')))
    } catch (error) {
      if (signal.aborted) return
      fill(this.#below, problemBox(error, session))
    }
  }

  #query(): { whose: 'mine' | 'escalated' | 'unstaffed'; workflow?: string; claimed?: boolean; overdue?: boolean } {
    const tile = this.#tile
    return {
      whose: tile === 'escalated' || tile === 'unstaffed' ? tile : 'mine',
      ...(this.#workflow.value ? { workflow: this.#workflow.value } : {}),
      ...(tile === 'unclaimed' ? { claimed: false } : tile === 'claimed_by_me' ? { claimed: true } : {}),
      ...(tile === 'overdue' ? { overdue: true } : {}),
    }
  }

  /** A list that is read anew is as long as what the reader has unrolled. */
  #length(): number {
    return Math.min(LONGEST, Math.max(SHORTEST, this.#items.size))
  }

  #look(): void {
    clearTimeout(this.#soon)
    this.#soon = setTimeout(() => !this.visit.signal.aborted && void this.list(), SOON_MS)
  }

  #stand(standing: Standing): void {
    this.#standing.className = `standing ${standing}`
    fill(this.#standing, t(standing))
  }

  #tell(item: Item): void {
    if (!this.#items.has(item.id)) fill(this.#news, t('arrived', { name: this.names.workflow(item.workflow) }))
  }

  #count(counts: Counts): void {
    const pressed = document.activeElement?.getAttribute('data-tile')
    const tiles = TILES.map((tile) => {
      const choose = (): void => {
        this.#tile = tile
        this.#count(counts)
        void this.list()
      }
      const attributes = { type: 'button', 'data-tile': tile, 'aria-pressed': String(tile === this.#tile), onclick: choose }
      return h('button', attributes, h('b', {}, counts[tile]), ' ', t(`count.${tile}`))
    })
    fill(this.#tiles, tiles)
    tiles.find((each) => each.dataset['tile'] === pressed)?.focus()
    const chosen = this.#workflow.value
    fill(
      this.#workflow,
      h('option', { value: '' }, t('all_workflows')),
      counts.by_workflow.map(({ workflow, items }) => {
        const name = t('workflow_count', { name: this.names.workflow(workflow), count: items })
        return h('option', { value: workflow, selected: workflow === chosen }, name)
      }),
    )
  }

  /** Rows that stay are left as they are: neither the focus nor what is selected is lost. */
  #show(items: readonly Item[], more: boolean): void {
    const stays = new Set(items.map((item) => item.id))
    if (!more) [...this.#items.keys()].filter((id) => !stays.has(id)).forEach((id) => this.#drop(id))
    for (const item of items) {
      const before = this.#items.get(item.id)
      const row = this.#rows.get(item.id)
      if (row && JSON.stringify(before) === JSON.stringify(item)) {
        if (!more && row !== this.#list.children[items.indexOf(item)]) {
          this.#list.insertBefore(row, this.#list.children[items.indexOf(item)] ?? null)
        }
        continue
      }
      const made = this.#row(item)
      this.#items.set(item.id, item)
      this.#rows.set(item.id, made)
      if (row) row.replaceWith(made)
      else this.#list.insertBefore(made, more ? null : (this.#list.children[items.indexOf(item)] ?? null))
    }
    this.#select()
    if (!this.#items.size) fill(this.#list, h('li', { class: 'nothing' }, t('nothing_waits')))
    else this.#list.querySelector('.nothing')?.remove()
  }

  #drop(id: string): void {
    this.#rows.get(id)?.remove()
    this.#rows.delete(id)
    this.#items.delete(id)
    this.#selected.delete(id)
    this.#select()
  }

  #row(item: Item): HTMLElement {
    const { tenant, session } = this.visit
    const name = this.names.workflow(item.workflow)
    const unit = h('span')
    void this.names.unit(item.subject_unit_id).then((title) => fill(unit, title))
    const choose = (event: Event): void => {
      if ((event.target as HTMLInputElement).checked) this.#selected.add(item.id)
      else this.#selected.delete(item.id)
      this.#select()
    }
    const checked = this.#selected.has(item.id)
    return h(
      'li',
      { class: 'card item', 'data-item': item.id },
      h('input', { type: 'checkbox', 'aria-label': t('select', { name }), checked, onchange: choose }),
      h(
        'div',
        {},
        h('h2', {}, h('a', { href: at(tenant, 'cases', item.service, item.case_id) }, name)),
        h('p', {}, unit, ' · ', this.names.step(item.workflow, item.step)),
        h(
          'p',
          { class: 'marks' },
          h('small', {}, t('opened_at', { when: moment(item.opened_at) })),
          item.article && articleLink(item.article, session),
          item.due_on && h('span', { class: 'badge' }, t('due', { day: day(item.due_on) })),
          item.ends_on && h('span', { class: 'badge' }, t('ends', { day: day(item.ends_on) })),
          item.claimed_by && h('span', { class: 'badge' }, t('claimed')),
          item.reminded && h('span', { class: 'badge warning' }, t('reminded')),
          item.escalated && h('span', { class: 'badge warning' }, t('escalated')),
          item.unstaffed && h('span', { class: 'badge warning' }, t('unstaffed')),
        ),
      ),
    )
  }

  #select(): void {
    const chosen = [...this.#selected].flatMap((id) => this.#items.get(id) ?? [])
    if (!chosen.length) {
      if (!this.#bulk.querySelector('[role=status]')) fill(this.#bulk)
      return
    }
    const told = this.#bulk.querySelector('.selected')
    if (told) fill(told, t('selected', { count: chosen.length }))
    else fill(this.#bulk, bulk(this.visit, this.names, () => this.#chosen(), () => this.#decided()))
  }

  #chosen(): Item[] {
    return [...this.#selected].flatMap((id) => this.#items.get(id) ?? [])
  }

  #decided(): void {
    this.#selected.clear()
    this.#list.querySelectorAll<HTMLInputElement>('input:checked').forEach((box) => (box.checked = false))
    void this.list()
  }
}
