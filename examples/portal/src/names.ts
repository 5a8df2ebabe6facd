/** Names for codes: labels of the platform, terms of the jurisdiction's regulation, titles of units. Read once. */
import { answer, client, read, type Schema } from './api'
import { say, type Words } from './language'
import type { Session } from './session'

type Labels = Record<string, Record<string, Words>>

let labels: Promise<Labels> | null = null

/** Labels of actions and states in both languages. */
export function allLabels(): Promise<Labels> {
  const asked = (labels ??= read('/api/v1/labels') as Promise<Labels>)
  asked.catch(() => (labels = null)) // asked for again by the next page
  return asked
}

export class Names {
  static readonly #known = new WeakMap<Session, Promise<Names>>()
  readonly #units = new Map<string, Promise<string>>()

  private constructor(
    readonly session: Session,
    readonly labels: Labels,
    readonly terms: Schema['TermsView'],
  ) {}

  static of(session: Session): Promise<Names> {
    const known =
      Names.#known.get(session) ??
      Promise.all([allLabels(), answer(client(session).GET('/api/v1/regulation/terms'))]).then(
        ([found, terms]) => new Names(session, found, terms),
      )
    Names.#known.set(session, known)
    known.catch(() => Names.#known.delete(session))
    return known
  }

  label(kind: string, code: string): string {
    return say(this.labels[kind]?.[code], code)
  }

  action(code: string): string {
    return this.label('approval.action', code)
  }

  workflow(code: string): string {
    return say(this.terms.workflows[code]?.label, code)
  }

  step(workflow: string, code: string | null | undefined): string {
    return code ? say(this.terms.workflows[workflow]?.steps[code], code) : ''
  }

  office(department: string | null | undefined, level: string | null | undefined): string {
    const parts = [level && say(this.terms.levels[level], level), department && this.department(department)]
    return parts.filter(Boolean).join(' · ')
  }

  department(kind: string): string {
    return say(this.terms.departments[kind], kind)
  }

  fact(code: string): string | undefined {
    const words = this.terms.facts[code]
    return words && say(words, code)
  }

  /** What a unit is called; each is asked for once. */
  unit(id: string): Promise<string> {
    const path = { unit_id: id }
    const asked = answer(client(this.session).GET('/api/v1/directory/units/{unit_id}', { params: { path } }))
    const known = this.#units.get(id) ?? asked.then((unit) => unit.title).catch(() => '')
    this.#units.set(id, known)
    return known
  }
}
