/** One decision on all that is selected; each stands or falls by itself. */
import { answer, cases, client, type Decision, type Item, key, type Problem, Refused, type Schema } from './api'
import { field, fill, h } from './dom'
import { t } from './language'
import type { Names } from './names'
import { problemBox } from './problem'
import { at, type Visit } from './route'

const ACTIONS = ['approve', 'acknowledge', 'sign', 'return', 'reject', 'claim', 'release'] as const
const BY_KIND: Record<string, (typeof ACTIONS)[number]> = { file: 'acknowledge', countersign: 'sign' }

/** The form for what `chosen` says; `decided` is called when an answer came. */
export function bulk(visit: Visit, names: Names, chosen: () => Item[], decided: () => void): HTMLElement {
  const kinds = new Set(chosen().map((item) => (item.signer ? 'sign' : (BY_KIND[item.kind] ?? 'approve'))))
  const usual = kinds.size === 1 ? [...kinds][0] : 'approve'
  const action = h(
    'select',
    {},
    ACTIONS.map((each) => h('option', { value: each, selected: each === usual }, names.action(each))),
  )
  const comment = h('input', { maxlength: 2000 })
  const said = h('div')
  const button = h('button', { class: 'primary' }, t('decide_selected'))
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    button.disabled = true
    const items = chosen()
    try {
      const results = await decide(visit, items, action.value as Decision['action'], comment.value)
      report(said, visit, names, items, results)
      decided()
    } catch (error) {
      fill(said, problemBox(error, visit.session))
    } finally {
      button.disabled = false
    }
  }
  return h(
    'form',
    { onsubmit: (event) => void send(event) },
    h('p', { class: 'selected' }, t('selected', { count: chosen().length })),
    field(t('action'), action),
    field(t('comment'), comment),
    button,
    said,
  )
}

type Result = Schema['BulkResult']

async function decide(visit: Visit, items: Item[], action: Decision['action'], comment: string): Promise<Result[]> {
  const services = [...new Set(items.map((item) => item.service))]
  const asked = services.map(async (service) => {
    const decisions = items
      .filter((item) => item.service === service)
      .map((item) => ({ case_id: item.case_id, step: item.step, action, ...(comment ? { comment } : {}) }))
    const params = { header: key() }
    const body = { items: decisions }
    const path = cases(service, '/bulk-decisions')
    return (await answer(client(visit.session).POST(path, { params, body }))).items
  })
  return (await Promise.all(asked)).flat()
}

function report(said: HTMLElement, visit: Visit, names: Names, items: Item[], results: Result[]): void {
  const refused = results.filter((each) => each.status >= 400)
  fill(
    said,
    h('p', { role: 'status' }, t('bulk_result', { done: results.length - refused.length, refused: refused.length })),
    refused.map(({ case_id, problem }) => {
      const item = items.find((each) => each.case_id === case_id)
      const box = problemBox(new Refused(problem as unknown as Problem), visit.session)
      if (!item) return box
      const address = at(visit.tenant, 'cases', item.service, item.case_id)
      return h('div', {}, h('a', { href: address }, names.workflow(item.workflow)), box)
    }),
  )
}
