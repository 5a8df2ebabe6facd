/** The platform's operations, typed by its own document (`client.ts`); what it refuses is thrown as a problem. */
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './client'
import { platform } from './configuration'
import { current, t } from './language'
import type { Session } from './session'

export type Schema = components['schemas']
/** What reading that path answers: schemas may be called otherwise as soon as two services use one name. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Data } } } }
}
  ? Data
  : never
export type Problem = Schema['ProblemDocument']
export type Item = Schema['ItemView']
export type Case = Schema['CaseView']
export type Decision = Schema['DecisionBody']

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title)
  }

  get kind(): string {
    return this.problem.type.replace('/problems/', '')
  }
}

const TRIES = 3
const LONGEST_WAIT_SECONDS = 5

/** The operations in the name of whoever is signed in; the public ones where no session is given. */
export function client(session?: Session): Client<paths> {
  return createClient<paths>({ baseUrl: platform, fetch: (request) => patiently(request, session) })
}

/** A path that no typed operation names. */
export async function read(path: string): Promise<unknown> {
  const response = await patiently(new Request(platform + path))
  if (!response.ok) throw new Refused(asProblem(undefined, response))
  return response.json()
}

/** What an operation answered, or `Refused`. */
export async function answer<Data>(
  asked: Promise<{ data?: Data; error?: Problem; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await asked
  if (data === undefined) throw new Refused(asProblem(error, response))
  return data
}

/** A new key: the same one for each repetition of the same request (Idempotency-Key). */
export function key(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': crypto.randomUUID() }
}

/** The path of an operation on cases: every service mounts the same ones, and the types stand at one of them. */
export function cases<Rest extends string>(service: string, rest: Rest): `/api/v1/roster/approvals${Rest}` {
  return `/api/v1/${service}/approvals${rest}` as `/api/v1/roster/approvals${Rest}`
}

/** A request with the bearer token, for what no typed operation carries: the stream and uploads. */
export async function send(request: Request, session?: Session, spent?: string): Promise<Response> {
  request.headers.set('Accept-Language', current())
  const token = session ? await session.token(spent) : null
  if (token) request.headers.set('Authorization', `Bearer ${token}`)
  // A request is used up by sending it, and it may have to be sent again.
  const response = await fetch(request.clone())
  if (response.status === 401 && token && !spent) return send(request, session, token)
  if (session) session.position = response.headers.get('Shegong-Position') ?? session.position
  return response
}

/** Sent again where the platform says that it is safe: a read, or a POST that carries its key. */
async function patiently(request: Request, session?: Session): Promise<Response> {
  const safe = request.method === 'GET' || request.headers.has('Idempotency-Key')
  for (let attempt = 1; ; attempt++) {
    let response: Response
    try {
      response = await send(request, session)
    } catch (error) {
      if (request.signal.aborted) throw error
      if (!safe || attempt === TRIES) throw new Refused(unreachable())
      await pause(attempt)
      continue
    }
    const wait = Number(response.headers.get('Retry-After') ?? 1)
    if (response.status !== 503 || !safe || attempt === TRIES || wait > LONGEST_WAIT_SECONDS) return response
    await pause(wait)
  }
}

function asProblem(error: Problem | undefined, response: Response): Problem {
  if (error && typeof error === 'object' && error.title) return error
  return { ...unreachable(), status: response.status }
}

function unreachable(): Problem {
  const told = { title: t('unreachable'), advice: t('unreachable_advice') }
  const nothing = { detail: null, article: null, errors: [], findings: [] }
  return { type: '/problems/unreachable', status: 0, instance: '', ...nothing, ...told }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000))
}
