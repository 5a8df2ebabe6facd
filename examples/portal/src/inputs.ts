/** What some actions ask for beside a comment. */
import type { Decision, Schema } from './api'
import { colleagues } from './colleagues'
import type { Deciding } from './decision'
import { type Child, field, fill, h } from './dom'
import { named, t } from './language'
import { problemBox } from './problem'

export interface Inputs {
  readonly body: Child[]
  /** The members of the decision that were typed. */
  readonly read: () => Partial<Decision>
}

const SETTLED = ['claim', 'release', 'withdraw', 'remind', 'delegate']

/** The fields of an action at a step. */
export function inputs(action: string, step: string | null, deciding: Deciding): Inputs {
  const parts = [...(OF_ACTION[action]?.(step, deciding) ?? [])]
  if (!SETTLED.includes(action) && deciding.files.length) parts.push(attachments(deciding))
  return { body: parts.flatMap((part) => part.body), read: () => Object.assign({}, ...parts.map((part) => part.read())) }
}

const OF_ACTION: Record<string, (step: string | null, deciding: Deciding) => Inputs[]> = {
  return: (step, deciding) => [returnTo(step, deciding), marks(deciding)],
  reject: (_, deciding) => [marks(deciding)],
  refuse: (_, deciding) => [marks(deciding)],
  fix: () => [figures()],
  determine: () => [check('met')],
  handle_objection: (step, deciding) => [objection(step, deciding), check('upheld')],
  add_signer: (_, deciding) => [office(deciding)],
  remove_signer: (step, deciding) => [added(step, deciding)],
  delegate: (step, deciding) => [colleague(step, deciding)],
}

function stepOf(step: string | null, { read }: Deciding): Schema['StepView'] | undefined {
  return read.steps.find((each) => each.step === step)
}

function returnTo(step: string | null, { read, names }: Deciding): Inputs {
  const here = read.steps.findIndex((each) => each.step === step)
  const earlier = read.steps.slice(0, Math.max(here, 0))
  const select = h(
    'select',
    {},
    h('option', { value: '' }, t('submitter')),
    earlier.map((each) => h('option', { value: each.step }, names.step(read.workflow, each.step))),
  )
  return { body: [field(t('return_to'), select)], read: () => (select.value ? { to: select.value } : {}) }
}

/** The members that are wrong, each with what is wrong about it. */
function marks({ read, names }: Deciding): Inputs {
  const rows: { pointer: HTMLSelectElement; message: HTMLInputElement }[] = []
  const holder = h('div')
  const add = (): void => {
    const members = Object.keys(read.facts).map((name) =>
      h('option', { value: `/${name}` }, names.fact(name) ?? named('field', name)),
    )
    const whole = h('option', { value: '/subject' }, t('subject'))
    const row = { pointer: h('select', {}, members, whole), message: h('input', { maxlength: 500 }) }
    rows.push(row)
    holder.append(h('div', { class: 'row' }, field(t('marked'), row.pointer), field(t('what_is_wrong'), row.message)))
  }
  add()
  const more = h('button', { type: 'button', onclick: add }, t('add_mark'))
  const told = (): Partial<Decision> => ({
    marks: rows
      .filter(({ message }) => message.value.trim())
      .map(({ pointer, message }) => ({ pointer: pointer.value, message: message.value.trim() })),
  })
  return { body: [h('fieldset', {}, h('legend', {}, t('mark_field')), holder, more)], read: told }
}

function figures(): Inputs {
  const name = h('input', { required: true, maxlength: 100 })
  const number = h('input', { type: 'number', min: 0, step: 1, required: true })
  const row = h('div', { class: 'row' }, field(t('figure'), name), field(t('number'), number))
  return { body: [row], read: () => ({ figures: { [name.value.trim()]: Number(number.value) } }) }
}

function check(member: 'met' | 'upheld'): Inputs {
  const box = h('input', { type: 'checkbox' })
  return { body: [field(t(member), box)], read: () => ({ [member]: box.checked }) }
}

function objection(step: string | null, deciding: Deciding): Inputs {
  const open = stepOf(step, deciding)?.objections.filter((each) => each.state === 'open') ?? []
  const select = h(
    'select',
    { required: true },
    open.map((each, index) => h('option', { value: each.id }, `${t('objection')} ${index + 1}`)),
  )
  return { body: [field(t('objection'), select)], read: () => ({ objection: select.value }) }
}

function office({ names }: Deciding): Inputs {
  const choice = (codes: string[], name: (code: string) => string): HTMLSelectElement =>
    h('select', {}, codes.map((code) => h('option', { value: code }, name(code))))
  const department = choice(Object.keys(names.terms.departments), (code) => names.department(code))
  const level = choice(Object.keys(names.terms.levels), (code) => names.office(null, code))
  const row = h('div', { class: 'row' }, field(t('department'), department), field(t('level'), level))
  return { body: [row], read: () => ({ office: { department: department.value, level: level.value } }) }
}

/** Only a signer whom the lead added is removed again. */
function added(step: string | null, deciding: Deciding): Inputs {
  const signers = stepOf(step, deciding)?.signers.filter((each) => each.added && each.state !== 'removed') ?? []
  const select = h(
    'select',
    {},
    signers.map((each, index) => h('option', { value: index }, deciding.names.office(each.department, each.level))),
  )
  const told = (): Partial<Decision> => {
    const one = signers[Number(select.value)]
    return one ? { office: { department: one.department, level: one.level } } : {}
  }
  return { body: [field(t('signers'), select)], read: told }
}

/** A colleague of the office; nobody any more where the step was handed on before. */
function colleague(step: string | null, deciding: Deciding): Inputs {
  const here = stepOf(step, deciding)
  const taken = here?.delegate_id
  const select = h('select', { required: !taken })
  const said = h('div')
  const offer = async (): Promise<void> => {
    const found = here ? await colleagues(deciding.visit, here) : new Map<string, string>()
    fill(
      select,
      h('option', { value: '' }, t(taken ? 'nobody_any_more' : 'choose')),
      [...found].map(([id, name]) => h('option', { value: id, selected: id === taken }, name)),
    )
    if (!found.size) fill(said, h('p', {}, h('small', {}, t('no_colleagues'))))
  }
  offer().catch((error: unknown) => {
    if (!deciding.visit.signal.aborted) fill(said, problemBox(error, deciding.visit.session))
  })
  const told = (): Partial<Decision> => (select.value ? { user_id: select.value } : {})
  return { body: [field(t('delegate_to'), select), said], read: told }
}

function attachments({ files }: Deciding): Inputs {
  const boxes = files.map((each, index) => {
    const box = h('input', { type: 'checkbox', value: each.id })
    return { box, label: h('label', {}, box, each.name ?? t('file', { number: index + 1 })) }
  })
  const body = h('fieldset', {}, h('legend', {}, t('attach_to_decision')), boxes.map(({ label }) => label))
  const told = (): Partial<Decision> => ({ attachments: boxes.filter(({ box }) => box.checked).map(({ box }) => box.value) })
  return { body: [body], read: told }
}
