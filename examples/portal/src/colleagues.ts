/** Who else works in the office of a step: whom it can be handed on to (转办). */
import { type Answer, answer, client, type Schema } from './api'
import { dayOf } from './language'
import type { Visit } from './route'

type Page = Answer<'/api/v1/directory/posts'>

/** Colleagues in post on the tenant's own day, each once. */
export async function colleagues({ session, signal }: Visit, step: Schema['StepView']): Promise<Map<string, string>> {
  const api = client(session)
  const today = dayOf((await answer(api.GET('/api/v1/directory/tenant', { signal }))).business_time)
  const found = new Map<string, string>()
  let cursor: string | null = null
  do {
    const query: { cursor?: string } = cursor ? { cursor } : {}
    const page: Page = await answer(api.GET('/api/v1/directory/posts', { params: { query }, signal }))
    const here = page.items.filter((each) => each.unit_id === step.acting_unit_id)
    for (const each of here) {
      const fits = each.department_kind === step.department && each.duty !== 'viewer' && each.user_id !== session.user
      const inForce = each.valid_from <= today && (!each.valid_before || today < each.valid_before)
      if (fits && inForce) found.set(each.user_id, each.display_name)
    }
    // Posts come in tree order, and whoever hands a step on works in the first unit that they can see.
    cursor = here.length === page.items.length ? (page.next ?? null) : null
  } while (cursor)
  return found
}
