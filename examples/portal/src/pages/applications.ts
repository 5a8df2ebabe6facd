/** An applicant's own applications: how they stand, and why. */
import { answer, client, key, Refused, type Answer } from '../api'
import { facts, h, section } from '../dom'
import { moment, say, t, value, type Words } from '../language'
import { Names } from '../names'
import { paged } from '../paged'
import { finding, problemBox } from '../problem'
import { at, go, type View, type Visit } from '../route'

const STATE = 'recruitment.application_state'

export async function applications({ tenant, session, signal }: Visit): Promise<View> {
  const names = await Names.of(session)
  const list = await paged(
    (cursor) => {
      const params = { query: cursor ? { cursor } : {} }
      return answer(client(session).GET('/api/v1/recruitment/my/applications', { params, signal }))
    },
    (each) =>
      h(
        'li',
        { class: 'card' },
        h('h2', {}, h('a', { href: at(tenant, 'applications', each.id) }, names.label(STATE, each.state))),
        h('p', {}, each.name, ' · ', moment(each.submitted_at)),
      ),
    t('no_applications'),
  )
  return { title: t('my_applications'), body: [list] }
}

export async function application(visit: Visit): Promise<View> {
  const { session, signal, tenant } = visit
  const params = { path: { application_id: visit.rest[0] ?? '' } }
  const api = client(session)
  const names = await Names.of(session)
  const base = '/api/v1/recruitment/my/applications/{application_id}'
  const [read, { documents }, review] = await Promise.all([
    answer(api.GET(base, { params, signal })),
    answer(api.GET(`${base}/documents`, { params, signal })),
    answer(api.GET(`${base}/eligibility`, { params, signal })).catch(none),
  ])
  const notice = await answer(
    api.GET('/public/{tenant}/recruitment/notices/{notice_id}', {
      params: { path: { tenant: tenant.slug, notice_id: read.notice_id } },
      signal,
    }),
  ).catch(none)
  const post = notice?.items.find((each) => each.id === read.item_id)
  const named = new Map<string, Words>(notice?.declarations.map((each) => [each.name, { zh: each.label_zh, en: each.label_en }]))
  return {
    title: `${t('application')} · ${names.label(STATE, read.state)}`,
    body: [
      facts([
        [t('notices'), notice && h('a', { href: at(tenant, 'notices', notice.id) }, notice.title)],
        [t('posts'), post && `${post.community_title} · ${post.post_title}`],
        [t('masked_name'), read.name],
        [t('id_number'), read.id_number],
        [t('phone'), read.phone],
        [t('education'), read.education_code],
        [t('submitted'), moment(read.submitted_at)],
      ]),
      section(t('review'), review ? result(review, visit, names) : h('p', {}, t('no_review'))),
      section(
        t('documents'),
        documents.length
          ? h('ul', {}, documents.map((each) => h('li', {}, names.label('recruitment.material_kind', each.kind), ` · ${each.name}`)))
          : h('p', {}, t('no_documents')),
      ),
      section(
        t('declared'),
        facts(Object.entries(read.declarations).map(([name, of]) => [names.fact(name) ?? say(named.get(name), name), value(of)])),
      ),
      read.state === 'submitted' && withdrawal(visit, read.id),
    ],
  }
}

/** What is not there yet is not there; any other refusal is one. */
function none(error: unknown): null {
  if (error instanceof Refused && [404, 409].includes(error.problem.status)) return null
  throw error
}

function result(review: Answer<'/api/v1/recruitment/my/applications/{application_id}/eligibility'>, { session }: Visit, names: Names): HTMLElement {
  return h(
    'div',
    {},
    h('p', {}, h('b', {}, names.label('recruitment.eligibility', review.overall))),
    review.findings.map((each) =>
      finding(each, session, (code) => names.label('recruitment.finding_outcome', code), (name) => names.fact(name)),
    ),
  )
}

function withdrawal({ session, tenant }: Visit, id: string): HTMLElement {
  const header = key()
  const said = h('div')
  const withdraw = async (): Promise<void> => {
    if (!confirm(t('withdraw_sure'))) return
    const params = { path: { application_id: id }, header }
    try {
      await answer(client(session).POST('/api/v1/recruitment/my/applications/{application_id}/withdraw', { params }))
      go(at(tenant, 'applications'), t('done', { action: t('withdraw_application') }))
    } catch (error) {
      said.replaceChildren(problemBox(error, session))
    }
  }
  return h('div', {}, h('button', { type: 'button', onclick: () => void withdraw() }, t('withdraw_application')), said)
}
