/** A case with all that a decision rests on: facts, what is asked, findings, steps, timeline, files. */
import { answer, cases, type Case, client, type Schema } from '../api'
import { articleLink } from '../article'
import { decision, type Overtaken } from '../decision'
import { facts, fill, h, section } from '../dom'
import { files } from '../files'
import { day, moment, named, t, value } from '../language'
import { Names } from '../names'
import { problemBox } from '../problem'
import type { View, Visit } from '../route'
import { subject } from '../subject'

type Line = Schema['RecordLine']

export async function caseOf(visit: Visit): Promise<View> {
  const [service = '', id = ''] = visit.rest
  const names = await Names.of(visit.session)
  const holder = h('div', { class: 'case' })
  const read = await show(holder, visit, names, service, id)
  return { title: names.workflow(read.workflow), body: [holder] }
}

/** Read the case and show it. `after`: what came of a decision that was refused because the case stands otherwise. */
async function show(
  holder: HTMLElement,
  visit: Visit,
  names: Names,
  service: string,
  id: string,
  after?: Overtaken & { seen: number },
): Promise<Case> {
  const { session, signal } = visit
  const api = client(session)
  const params = { path: { case_id: id } }
  const [read, allowed, timeline, kept] = await Promise.all([
    answer(api.GET(cases(service, '/{case_id}'), { params, signal })),
    answer(api.GET(cases(service, '/{case_id}/allowed-actions'), { params, signal })),
    lines(visit, service, id),
    answer(api.GET(cases(service, '/{case_id}/files'), { params, signal })),
  ])
  const again = (by?: Overtaken): Promise<unknown> =>
    show(holder, visit, names, service, id, by && { ...by, seen: timeline.length })
  const form = decision({ visit, names, service, read, allowed: allowed.items, files: kept.items, again })
  const shown = holder.hasChildNodes() // a new page gives the focus to its heading, an old one keeps it near
  const news = after && told(timeline.slice(after.seen), after, visit, names, read)
  if (after) form.querySelector('textarea')?.append(after.typed)
  fill(
    holder,
    news,
    h(
      'div',
      { class: 'columns' },
      h(
        'div',
        {},
        await head(read, names),
        section(t('facts'), facts(Object.entries(read.facts).map(([name, of]) => [fact(name, names), value(of)]))),
        await subject(visit, names, service, read),
        section(t('steps'), h('ol', { class: 'steps' }, await Promise.all(read.steps.map((each) => step(each, read, visit, names))))),
        section(t('timeline'), h('ol', { class: 'timeline' }, timeline.map((each) => line(each, read, visit, names)))),
      ),
      h('div', {}, section(t('decide'), form), section(t('files'), files(visit, service, id, kept.items, again))),
    ),
  )
  if (shown) (news ?? holder.querySelector<HTMLElement>('input[name=action]'))?.focus()
  return read
}

async function lines(visit: Visit, service: string, id: string): Promise<Line[]> {
  const found: Line[] = []
  let cursor: string | null = null
  do {
    const query: { cursor?: string } = cursor ? { cursor } : {}
    const params = { path: { case_id: id }, query }
    const path = cases(service, '/{case_id}/timeline')
    const page: { items: Line[]; next?: string | null } = await answer(
      client(visit.session).GET(path, { params, signal: visit.signal }),
    )
    found.push(...page.items)
    cursor = page.next ?? null
  } while (cursor)
  return found
}

function fact(name: string, names: Names): string {
  return names.fact(name) ?? named('field', name)
}

async function head(read: Case, names: Names): Promise<HTMLElement> {
  return facts([
    [t('state'), h('b', { class: `state ${read.state}` }, names.label('approval.case_state', read.state))],
    [t('unit'), await names.unit(read.subject_unit_id)],
    [t('opened'), moment(read.opened_at)],
    [t('decided'), read.decided_at && moment(read.decided_at)],
    [t('regulation'), `${read.pack_id} ${read.pack_version}`],
  ])
}

async function step(each: Schema['StepView'], read: Case, { session }: Visit, names: Names): Promise<HTMLElement> {
  const unit = each.acting_unit_id ? await names.unit(each.acting_unit_id) : ''
  return h(
    'li',
    { class: each.state, 'aria-current': each.state === 'open' ? 'step' : null },
    h('p', {}, h('b', {}, names.step(read.workflow, each.step)), ' ', each.article && articleLink(each.article, session)),
    h('p', {}, `${named('kind', each.kind)} · ${unit} ${names.department(each.department)} · ${named('step', each.state)}`),
    each.words && h('blockquote', {}, each.words),
    h(
      'p',
      { class: 'marks' },
      each.due_on && h('span', { class: 'badge' }, t('due', { day: day(each.due_on) })),
      each.ends_on && h('span', { class: 'badge' }, t('ends', { day: day(each.ends_on) })),
      each.claimed_by && h('span', { class: 'badge' }, t('claimed')),
      each.delegate_id && h('span', { class: 'badge' }, t('delegated')),
      each.unstaffed && h('span', { class: 'badge warning' }, t('unstaffed')),
      !each.blocks && h('span', { class: 'badge' }, t('not_blocking')),
    ),
    each.signers.length > 0 &&
      h(
        'p',
        {},
        `${t('signers')}：`,
        each.signers.map((one) => `${names.office(one.department, one.level)} ${named('signer', one.state)}`).join('；'),
      ),
    facts(Object.entries(each.figures).map(([name, of]) => [fact(name, names), value(of)])),
  )
}

function line(each: Line, read: Case, { session }: Visit, names: Names): HTMLElement {
  const marks = (each.details['marks'] ?? []) as { pointer: string; message: string }[]
  const to = each.details['to']
  return h(
    'li',
    {},
    h('time', { datetime: each.acted_at }, moment(each.acted_at)),
    h('p', {}, h('b', {}, names.action(each.action)), ' ', who(each, names), ' ', names.step(read.workflow, each.step)),
    each.article && articleLink(each.article, session),
    each.comment && h('p', { class: 'prose' }, each.comment),
    typeof to === 'string' && h('p', {}, t('returned_to', { step: names.step(read.workflow, to) })),
    marks.length > 0 &&
      h('ul', {}, marks.map((mark) => h('li', {}, h('b', {}, fact(mark.pointer.slice(1), names)), ' ', mark.message))),
  )
}

function who(each: Line, names: Names): string {
  const office = names.office(each.actor_department, each.actor_level) || t('system')
  return each.on_behalf_of ? `${office}（${t('on_behalf')}）` : office
}

/** What others did meanwhile, in words; the refusal itself where nobody did anything. */
function told(news: Line[], { refusal }: Overtaken, { session }: Visit, names: Names, read: Case): HTMLElement {
  if (!news.length) return problemBox(refusal, session)
  const lines = news.map((each) => {
    const words = [moment(each.acted_at), who(each, names), names.action(each.action), names.step(read.workflow, each.step)]
    return h('li', {}, words.join(' '))
  })
  const text = h('p', { class: 'title' }, t('someone_else'))
  return h('div', { class: 'problem', role: 'alert', tabindex: -1 }, text, h('ul', {}, lines))
}
