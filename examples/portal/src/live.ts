/** The worklist as it changes: by the stream; where a gateway in between has none, by counting now and then. */
import { answer, client, type Item, pause, Refused, type Schema, send } from './api'
import { platform } from './configuration'
import type { Session } from './session'
import { events } from './stream'

export type Counts = Schema['Counts']
export type Standing = 'live' | 'polling' | 'reconnecting'

export interface Listener {
  /** How much waits now. */
  counts(counts: Counts): void
  /** An item stands anew, or no longer waits for this post. */
  changed(change: { item: Item | null; item_id: string; gone: boolean }): void
  /** What was heard so far does not suffice: list again. */
  reset(): void
  standing(standing: Standing): void
}

const ADDRESS = `${platform}/api/v1/worklist/stream`
const POLL_SECONDS = 5
const SILENCE_SECONDS = 60 // the platform says something every 15 s
const LONGEST_PAUSE_SECONDS = 30
const NOT_THERE = [404, 405, 501] // a gateway without the stream

/** Follow the worklist until `signal` aborts. */
export async function follow(session: Session, to: Listener, signal: AbortSignal): Promise<void> {
  let last: string | null = null
  let failures = 0
  while (!signal.aborted) {
    const began = Date.now()
    const heard: Heard | null = await hear(session, to, signal, last).catch((): null => null)
    if (signal.aborted) return
    if (heard === 'not there') return poll(session, to, signal)
    if (heard === 'not signed in') return
    last = heard?.last ?? last
    // A stream that ended in order is taken up at once: it ends with its token. A broken one, later and later.
    failures = heard && Date.now() - began > 1000 ? 0 : failures + 1
    if (failures) {
      to.standing('reconnecting')
      await pause(Math.min(LONGEST_PAUSE_SECONDS, 2 ** failures * (0.25 + Math.random() / 4)))
    }
  }
}

type Heard = { last: string | null } | 'not there' | 'not signed in'

async function hear(session: Session, to: Listener, signal: AbortSignal, from: string | null): Promise<Heard | null> {
  const silence = new AbortController()
  let watch: ReturnType<typeof setTimeout> | undefined
  const heard = (): void => {
    clearTimeout(watch)
    watch = setTimeout(() => silence.abort(), SILENCE_SECONDS * 1000)
  }
  let last = from
  heard()
  try {
    const headers = new Headers({ Accept: 'text/event-stream' })
    if (from) headers.set('Last-Event-ID', from)
    const request = new Request(ADDRESS, { headers, signal: AbortSignal.any([signal, silence.signal]) })
    const response = await send(request, session)
    if (NOT_THERE.includes(response.status)) return 'not there'
    if (response.status === 401 || response.status === 403) return 'not signed in'
    if (!response.ok || !response.body) return null
    to.standing('live')
    for await (const { event, data, id } of events(response.body, heard)) {
      last = id ?? last
      if (event === 'counts') {
        to.counts(JSON.parse(data) as Counts)
        to.reset()
      } else if (event === 'changed') to.changed(JSON.parse(data) as Parameters<Listener['changed']>[0])
      else if (event === 'reset') to.reset()
    }
  } catch (error) {
    if (signal.aborted) throw error
    // The connection broke: what was heard stands, and the next one goes on behind it.
  } finally {
    clearTimeout(watch)
  }
  return { last }
}

async function poll(session: Session, to: Listener, signal: AbortSignal): Promise<void> {
  let before = ''
  while (!signal.aborted) {
    try {
      const counts = await answer(client(session).GET('/api/v1/worklist/counts', { signal }))
      to.standing('polling')
      to.counts(counts)
      if (before && before !== JSON.stringify(counts)) to.reset()
      before = JSON.stringify(counts)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Refused && error.problem.status === 401) return
      to.standing('reconnecting')
    }
    await pause(POLL_SECONDS)
  }
}
