/** A problem (RFC 9457) in words: what is wrong, by which article, what to do next. */
import { type Problem, Refused } from './api'
import { articleLink } from './article'
import { facts, h } from './dom'
import { named, say, t, value, type Words } from './language'
import type { Session } from './session'

export function problemBox(error: unknown, session?: Session): HTMLElement {
  if (!(error instanceof Refused)) throw error
  const { problem } = error
  const box = h(
    'div',
    { class: 'problem', role: 'alert', tabindex: -1 },
    h('p', { class: 'title' }, problem.title, ' ', problem.article && articleLink(problem.article, session)),
    problem.detail && h('p', {}, problem.detail),
    problem.errors?.length ? h('ul', {}, problem.errors.map((each) => wrong(each, session))) : null,
    problem.findings?.map((each) => finding(each as unknown as Finding, session)),
    problem.advice && h('p', { class: 'advice' }, problem.advice),
  )
  if (problem.status === 401 && session) {
    box.append(h('button', { type: 'button', onclick: () => void session.signIn() }, t('sign_in')))
  }
  return box
}

function wrong(each: NonNullable<Problem['errors']>[number], session?: Session): HTMLElement {
  const name = named('field', each.pointer.split('/').pop() ?? '')
  return h('li', {}, h('b', {}, name), ' ', each.message, ' ', each.article && articleLink(each.article, session))
}

/** What a rule says about some facts, as every service gives it. */
export interface Finding {
  readonly rule: string
  readonly article?: string | null
  readonly words?: string | null
  readonly outcome: string
  readonly facts?: Record<string, unknown>
  readonly message?: Words
}

/** One finding with its article, words and facts. `outcome` and `fact` name codes. */
export function finding(
  each: Finding,
  session?: Session,
  outcome: (code: string) => string = (code) => code,
  fact: (code: string) => string | undefined = () => undefined,
): HTMLElement {
  return h(
    'article',
    { class: `finding ${each.outcome}` },
    h('p', {}, h('b', {}, outcome(each.outcome)), ' ', each.article && articleLink(each.article, session)),
    each.message && h('p', {}, say(each.message, '')),
    each.words && h('blockquote', {}, each.words),
    facts(Object.entries(each.facts ?? {}).map(([name, of]) => [fact(name) ?? named('field', name), value(of)])),
  )
}
