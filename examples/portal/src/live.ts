/** The worklist as it changes: by the stream; where a gateway in between has none, by looking now and then. */
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
const LONGEST_PAUSE_SECONDS = 60
const NOT_THERE = [404, 405, 501] // a gateway in between that has no stream

/** Follow the worklist until `signal` aborts; while there is no stream, look now and then and try it again. */
export async function follow(session: Session, to: Listener, signal: AbortSignal): Promise<void> {
  let last: string | null = null
  let failures = 0
  let again = 0
  while (!signal.aborted) {
    if (Date.now() >= again) {
      const heard = await hear(session, to, signal, last)
      if (signal.aborted) return
      if (heard === 'not signed in') return to.reset() // which shows what to do
      if (heard !== 'broken' && heard !== 'not there') {
        last = heard.last
        failures = 0
        continue // it ends with its token; the next one goes on behind it
      }
      failures = heard === 'not there' ? Infinity : failures + 1
      again = Date.now() + Math.min(LONGEST_PAUSE_SECONDS, 2 ** failures * (0.5 + Math.random() / 2)) * 1000
    }
    await look(session, to, signal)
    await pause(Math.max(0, Math.min(POLL_SECONDS, (again - Date.now()) / 1000)))
  }
}

type Heard = { last: string | null } | 'broken' | 'not there' | 'not signed in'

/** One connection to its end. It counts as broken where nothing was heard on it. */
async function hear(session: Session, to: Listener, signal: AbortSignal, from: string | null): Promise<Heard> {
  const silence = new AbortController()
  let watch: ReturnType<typeof setTimeout> | undefined
  let last = from
  let alive = false
  const heard = (): void => {
    clearTimeout(watch)
    watch = setTimeout(() => silence.abort(), SILENCE_SECONDS * 1000)
  }
  heard()
  try {
    const headers = new Headers({ Accept: 'text/event-stream' })
    if (from) headers.set('Last-Event-ID', from)
    const request = new Request(ADDRESS, { headers, signal: AbortSignal.any([signal, silence.signal]) })
    const response = await send(request, session)
    if (NOT_THERE.includes(response.status)) return 'not there'
    if (response.status === 401 || response.status === 403) return 'not signed in'
    if (!response.ok || !response.body) return 'broken'
    for await (const { event, data, id } of events(response.body, () => {
      if (!alive) to.standing('live')
      alive = true
      heard()
    })) {
      last = id ?? last
      if (event === 'counts') {
        to.counts(JSON.parse(data) as Counts)
        to.reset()
      } else if (event === 'changed') to.changed(JSON.parse(data) as Parameters<Listener['changed']>[0])
      else if (event === 'reset') to.reset()
    }
  } catch (error) {
    // Broken off: what was heard stands. Anything but the network's failure is a fault of this page.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
  } finally {
    clearTimeout(watch)
  }
  return alive ? { last } : 'broken'
}

/** What is done while there is no stream. The counts may be the same though the items are others: the list is read too. */
async function look(session: Session, to: Listener, signal: AbortSignal): Promise<void> {
  try {
    const counts = await answer(client(session).GET('/api/v1/worklist/counts', { signal }))
    to.standing('polling')
    to.counts(counts)
    to.reset()
  } catch (error) {
    if (!signal.aborted && !(error instanceof Refused)) throw error
    to.standing('reconnecting')
  }
}
