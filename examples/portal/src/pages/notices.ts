/** What anybody reads without signing in: notices, and the list of proposed hires (公示). */
import { answer, client, type Schema } from '../api'
import { facts, h, section } from '../dom'
import { day, moment, say, t } from '../language'
import { allLabels } from '../names'
import { paged } from '../paged'
import { at, type View, type Visit } from '../route'

export async function notices({ tenant, signal }: Visit): Promise<View> {
  const list = await paged(
    (cursor) => {
      const params = { path: { tenant: tenant.slug }, query: cursor ? { cursor } : {} }
      return answer(client().GET('/public/{tenant}/recruitment/notices', { params, signal }))
    },
    (each) =>
      h(
        'li',
        { class: 'card' },
        h('h2', {}, h('a', { href: at(tenant, 'notices', each.id) }, each.title)),
        h('p', {}, t('sign_up_period'), ' ', period(each), ' · ', t('published', { when: moment(each.published_at) })),
      ),
    t('no_notices'),
  )
  return { title: t('notices'), body: [list] }
}

function period(of: { opens_at: string; closes_at: string }): string {
  return `${moment(of.opens_at)} — ${moment(of.closes_at)}`
}

export async function notice({ tenant, rest, signal }: Visit): Promise<View> {
  const path = { tenant: tenant.slug, notice_id: rest[0] ?? '' }
  const [read, labels] = await Promise.all([
    answer(client().GET('/public/{tenant}/recruitment/notices/{notice_id}', { params: { path }, signal })),
    allLabels(),
  ])
  const kind = (code: string): string => say(labels['recruitment.material_kind']?.[code], code)
  const text = read.revisions[0]
  return {
    title: read.title,
    body: [
      facts([
        [t('sign_up_period'), period(read)],
        [t('reference_date'), text && day(text.age_reference_date)],
        [t('exam'), read.exam && weights(read.exam)],
        [t('regulation'), `${read.pack_id} ${read.pack_version}`],
      ]),
      section(t('conditions'), h('p', { class: 'prose' }, text?.conditions ?? '')),
      section(t('posts'), h('ul', {}, read.items.map(posts))),
      section(
        t('materials'),
        h(
          'ul',
          {},
          text?.materials.map((each) =>
            h('li', {}, each.title || kind(each.kind), ` (${t(each.required ? 'required' : 'optional')})`),
          ),
        ),
      ),
      section(
        t('to_state'),
        h('ul', {}, read.declarations.map((each) => h('li', {}, say({ zh: each.label_zh, en: each.label_en }, each.name)))),
      ),
      read.revisions.length > 1 && section(t('corrections'), h('ol', { reversed: true }, read.revisions.map(revision))),
      h('p', {}, h('a', { href: at(tenant, 'publicity') }, t('publicity'))),
    ],
  }
}

function weights(exam: Schema['ExamTermsView']): string {
  return t('exam_weights', { written: exam.written_weight / 100, interview: exam.interview_weight / 100 })
}

function posts(each: Schema['NoticeItemView']): HTMLElement {
  return h('li', {}, `${each.community_title} · ${each.post_title} · `, t('posts_number', { count: each.posts }))
}

function revision(each: Schema['RevisionView']): HTMLElement {
  const words = each.reason ? t('correction', { number: each.number, reason: each.reason }) : each.title
  return h('li', {}, words, ' · ', moment(each.published_at))
}

export async function publicity({ tenant, signal }: Visit): Promise<View> {
  const list = await paged(
    (cursor) => {
      const params = { path: { tenant: tenant.slug }, query: cursor ? { cursor } : {} }
      return answer(client().GET('/public/{tenant}/recruitment/publicity', { params, signal }))
    },
    (each) =>
      h(
        'li',
        { class: 'card' },
        facts([
          [t('masked_name'), each.masked_name],
          [t('community'), each.community_title],
          [t('post'), each.post_title],
          [t('public_period'), `${day(each.public_from)} — ${day(each.public_until)}`],
        ]),
      ),
    t('no_publicity'),
  )
  return { title: t('publicity'), body: [list] }
}
