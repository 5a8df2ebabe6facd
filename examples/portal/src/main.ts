/** The frame of every page, and which page an address names. */
import { Refused } from './api'
import { tenants } from './configuration'
import { fill, h } from './dom'
import { change, current, t } from './language'
import { application, applications } from './pages/applications'
import { caseOf } from './pages/case'
import { notice, notices, publicity } from './pages/notices'
import { survey } from './pages/survey'
import { worklist } from './pages/worklist'
import { problemBox } from './problem'
import { arriving, at, type Page, type View, type Visit } from './route'
import { finishSignIn, type Session, sessionOf } from './session'

interface Place {
  readonly show: Page
  /** The parts of the address that the page needs behind its name, at most. */
  readonly parts: number
  readonly closed?: true
}

const PLACES: Record<string, readonly Place[]> = {
  '': [{ show: notices, parts: 0 }],
  notices: [{ show: notices, parts: 0 }, { show: notice, parts: 1 }],
  publicity: [{ show: publicity, parts: 0 }],
  survey: [{ show: survey, parts: 1 }, { show: survey, parts: 2 }],
  worklist: [{ show: worklist, parts: 0, closed: true }],
  cases: [{ show: caseOf, parts: 2, closed: true }],
  applications: [{ show: applications, parts: 0, closed: true }, { show: application, parts: 1, closed: true }],
}
const MENU = ['notices', 'publicity', 'worklist', 'applications'] as const
const TITLES = { notices: 'notices', publicity: 'publicity', worklist: 'worklist', applications: 'my_applications' } as const

const portal = document.getElementById('portal') as HTMLElement
const header = h('header')
const main = h('main', { id: 'main', tabindex: -1 })
const status = h('p', { class: 'arrival', role: 'status' })
let leaving = new AbortController()

async function open(move: boolean): Promise<void> {
  leaving.abort()
  const mine = (leaving = new AbortController())
  const { slug, name, rest } = address()
  const session = sessionOf(slug)
  frame(session, name)
  fill(status, arriving())
  fill(main, h('p', { class: 'nothing' }, t('loading')))
  const view = await shown(session, name, rest, mine.signal)
  if (mine.signal.aborted) return
  const heading = h('h1', { tabindex: -1 }, view.title)
  document.title = `${view.title} · ${session?.tenant.title ?? t('portal')}`
  fill(main, heading, view.body)
  if (move) heading.focus()
}

function address(): { slug: string; name: string; rest: string[] } {
  const only = tenants.length === 1 ? (tenants[0]?.slug ?? '') : ''
  const [slug = only, name = '', ...rest] = location.hash.split('/').slice(1).map(decodeURIComponent)
  return { slug: slug || only, name, rest }
}

async function shown(session: Session | null, name: string, rest: string[], signal: AbortSignal): Promise<View> {
  if (!session) return choice()
  const place = PLACES[name]?.find((each) => each.parts === rest.length)
  if (!place) return { title: t('no_such_page'), body: [] }
  if (place.closed && !session.signedIn) return door(session)
  const visit: Visit = { tenant: session.tenant, session, rest, signal }
  try {
    return await place.show(visit)
  } catch (error) {
    if (signal.aborted) return { title: '', body: [] }
    if (!(error instanceof Refused)) throw error
    return { title: t('problem'), body: [problemBox(error, session)] }
  }
}

function choice(): View {
  const list = tenants.map((each) => h('li', { class: 'card' }, h('a', { href: at(each, 'notices') }, each.title)))
  return { title: t('choose_tenant'), body: [h('ul', { class: 'cards' }, list)] }
}

function door(session: Session): View {
  const button = h('button', { class: 'primary', type: 'button', onclick: () => void session.signIn() }, t('sign_in'))
  return { title: t('sign_in_first'), body: [h('p', {}, t('sign_in_why')), button] }
}

function frame(session: Session | null, name: string): void {
  const here = name || 'notices'
  const entry = (each: (typeof MENU)[number]): HTMLElement | null =>
    session && h('a', { href: at(session.tenant, each), 'aria-current': each === here ? 'page' : null }, t(TITLES[each]))
  fill(
    header,
    h('a', { href: '#/', class: 'brand' }, session?.tenant.title ?? t('portal')),
    session && h('nav', { 'aria-label': t('menu') }, MENU.map(entry)),
    h('div', { class: 'who' }, account(session), languages()),
  )
}

function account(session: Session | null): HTMLElement | null {
  if (!session) return null
  const [key, act] = session.signedIn
    ? (['sign_out', () => void session.signOut()] as const)
    : (['sign_in', () => void session.signIn()] as const)
  return h('span', {}, session.name, ' ', h('button', { type: 'button', onclick: act }, t(key)))
}

function languages(): HTMLElement {
  const other = current() === 'zh' ? 'en' : 'zh'
  const turn = (): void => {
    change(other)
    void open(false).then(() => header.querySelector<HTMLElement>('[data-language]')?.focus())
  }
  const lang = other === 'zh' ? 'zh-CN' : 'en'
  return h('button', { type: 'button', lang, 'data-language': true, onclick: turn }, t('language'))
}

/** Past the menu at once; an ordinary link would change the address, which names the page here. */
function skip(): HTMLElement {
  const jump = (event: Event): void => {
    event.preventDefault()
    main.focus()
  }
  return h('a', { href: '#main', class: 'skip', onclick: jump }, t('skip'))
}

async function begin(): Promise<void> {
  const finished = await finishSignIn().catch(() => false)
  await Promise.all(tenants.map(({ slug }) => sessionOf(slug)?.resume()))
  portal.append(skip(), header, status, main)
  addEventListener('hashchange', () => void open(true))
  await open(false)
  if (!finished) fill(status, t('sign_in_failed'))
}

void begin()
