/** What a case is about, where the portal knows the record: its members in words, and what the rules found about it. */
import { answer, type Case, client } from './api'
import { facts, h, section } from './dom'
import { named, t, value } from './language'
import type { Names } from './names'
import { type Finding, finding, problemBox } from './problem'
import type { Visit } from './route'

interface Subject {
  readonly members: object
  readonly findings: readonly Finding[]
}

const READERS: Record<string, (visit: Visit, id: string) => Promise<Subject>> = {
  'recruitment/plan': async ({ session, signal }, id) => {
    const params = { path: { plan_id: id } }
    const plan = await answer(client(session).GET('/api/v1/recruitment/plans/{plan_id}', { params, signal }))
    return { members: plan, findings: plan.findings as unknown as Finding[] }
  },
  'recruitment/hire': async ({ session, signal }, id) => {
    const api = client(session)
    const hire = await answer(api.GET('/api/v1/recruitment/hires/{hire_id}', { params: { path: { hire_id: id } }, signal }))
    const params = { path: { application_id: hire.application_id } }
    const path = '/api/v1/recruitment/applications/{application_id}/eligibility'
    const review = await answer(api.GET(path, { params, signal }))
    return { members: hire, findings: review.findings }
  },
}
const SHOWN = [
  ...['title', 'publicity_days', 'publicity_unit', 'relaxed_age_limit', 'relaxed_education_codes', 'over_reason'],
  ...['masked_name', 'community_title', 'post_title', 'public_from', 'public_until', 'items'],
]
const OF_ITEM = ['community_title', 'post_title', 'posts']

export async function subject(visit: Visit, names: Names, service: string, read: Case): Promise<HTMLElement | null> {
  const reader = READERS[`${service}/${read.subject_type}`]
  if (!reader) return null
  try {
    const { members, findings } = await reader(visit, read.subject_id)
    const known = Object.entries(members).filter(([name, of]) => SHOWN.includes(name) && of !== null && String(of) !== '')
    return h(
      'div',
      {},
      section(t('subject'), facts(known.map(([name, of]) => [named('field', name), name === 'items' ? items(of) : value(of)]))),
      findings.length > 0 &&
        section(
          t('findings'),
          findings.map((each) =>
            finding(each, visit.session, (code) => names.label('recruitment.finding_outcome', code), (name) => names.fact(name)),
          ),
        ),
    )
  } catch (error) {
    // The post may decide the case without being let into the record.
    return section(t('subject'), problemBox(error, visit.session))
  }
}

function items(of: unknown): HTMLElement {
  const lines = (of as Record<string, unknown>[]).map((each) => OF_ITEM.map((name) => value(each[name])).join(' · '))
  return h('ul', {}, lines.map((each) => h('li', {}, each)))
}
