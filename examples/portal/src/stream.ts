/** Server-sent events over `fetch`, because `EventSource` cannot carry a bearer token
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

export interface Told {
  readonly event: string
  readonly data: string
  readonly id: string | null
}

/** The events of a body as they come; `heard` is called with every piece, keep-alive comments too. */
export async function* events(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<Told> {
  let kept = ''
  let event = ''
  let id: string | null = null
  let data: string[] = []
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      heard()
      const lines = (kept + value).split(/\r\n|\n|\r(?!$)/)
      kept = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          if (data.length) yield { event: event || 'message', data: data.join('\n'), id }
          event = ''
          data = []
          continue
        }
        const [, name, of] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
        if (name === 'event') event = of ?? ''
        else if (name === 'data') data.push(of ?? '')
        else if (name === 'id' && !of?.includes('\0')) id = of ?? ''
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined) // it may have broken off by itself
  }
}
