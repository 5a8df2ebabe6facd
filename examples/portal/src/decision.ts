/** The form of a decision: just what `allowed-actions` says that this post may do now. */
import { answer, type Case, cases, client, type Decision, key, Refused, type Schema } from './api'
import { field, fill, h } from './dom'
import { t } from './language'
import { type Inputs, inputs } from './inputs'
import type { Names } from './names'
import { problemBox } from './problem'
import { at, go, type Visit } from './route'

type Allowed = Schema['AllowedAction']

export interface Deciding {
  readonly visit: Visit
  readonly names: Names
  readonly service: string
  readonly read: Case
  readonly allowed: readonly Allowed[]
  readonly files: readonly Schema['CaseFileView'][]
  /** Read the case again. */
  readonly again: (by?: Overtaken) => Promise<unknown>
}

/** A decision that was refused because the case stands otherwise by now; the comment that was typed is kept. */
export interface Overtaken {
  readonly refusal: Refused
  readonly typed: string
}

const STAYING = ['claim', 'release', 'add_signer', 'remove_signer'] // after these there is more to do here

export function decision(deciding: Deciding): HTMLElement {
  const { names, read, allowed } = deciding
  if (!allowed.length) return h('p', {}, t('nothing_to_do'))
  const comment = h('textarea', { rows: 3, maxlength: 2000 })
  const hint = h('small', {})
  const more = h('div')
  const said = h('div')
  const button = h('button', { class: 'primary' }, t('send'))
  let chosen: Allowed | undefined
  let asked: Inputs = { body: [], read: () => ({}) }
  const choose = (one: Allowed): void => {
    chosen = one
    comment.required = one.comment_required
    fill(hint, one.comment_required && t('comment_required'))
    asked = inputs(one.action, one.step ?? null, deciding)
    fill(more, asked.body)
  }
  const actions = allowed.map((one, index) => {
    const step = one.step ? names.step(read.workflow, one.step) : ''
    const radio = h('input', { type: 'radio', name: 'action', value: index, required: true, onchange: () => choose(one) })
    return h('label', {}, radio, names.action(one.action), step && h('small', {}, ` ${step}`))
  })
  const refused = (error: unknown): void => {
    const box = problemBox(error, deciding.visit.session)
    fill(said, box)
    box.focus()
  }
  const keys = new Map<string, ReturnType<typeof key>>()
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!chosen) return
    const words = comment.value.trim()
    const body = { ...bare(chosen), ...(words ? { comment: words } : {}), ...asked.read() } as Decision
    const text = JSON.stringify(body)
    // The same decision has the same key: sent twice, it is taken once.
    const header = keys.get(text) ?? key()
    keys.set(text, header)
    button.disabled = true
    try {
      await decide(deciding, body, header)
    } catch (error) {
      if (stale(error)) await deciding.again({ refusal: error, typed: comment.value }).catch(refused)
      else refused(error)
    } finally {
      button.disabled = false
    }
  }
  return h(
    'form',
    { onsubmit: (event) => void send(event) },
    h('fieldset', { class: 'actions' }, h('legend', {}, t('action')), actions),
    field(t('comment'), comment),
    hint,
    more,
    said,
    button,
  )
}

function bare(chosen: Allowed): Pick<Decision, 'action' | 'step'> {
  return { action: chosen.action as Decision['action'], ...(chosen.step ? { step: chosen.step } : {}) }
}

/** The case is no longer as it was read: another was first. */
function stale(error: unknown): error is Refused {
  return error instanceof Refused && ['wrong-state', 'conflict'].includes(error.kind)
}

async function decide({ visit, names, service, read, again }: Deciding, body: Decision, header: ReturnType<typeof key>): Promise<void> {
  const params = { path: { case_id: read.id }, header }
  await answer(client(visit.session).POST(cases(service, '/{case_id}/decisions'), { params, body }))
  if (STAYING.includes(body.action)) await again()
  else go(at(visit.tenant, 'worklist'), t('done', { action: names.action(body.action) }))
}

