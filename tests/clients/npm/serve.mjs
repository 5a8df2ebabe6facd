// Lets a test lead an application by its standard input and output: one line of JSON in, one out.
import { webcrypto } from 'node:crypto'
import { createInterface } from 'node:readline'

// Node.js 18, which Debian 12 has, keeps this to itself; imported before the libraries, so that they find it.
globalThis.crypto ??= webcrypto

/** Make the application with the registration on the first line, then do what each further line names. */
export async function serve(Application) {
  let application
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line)
    if (!application) {
      application = new Application(asked)
      continue
    }
    let said
    try {
      said = { answer: (await application[asked.call](...asked.given)) ?? null, tokens: application.tokens ?? {} }
    } catch (error) {
      said = { refused: words(error) }
    }
    process.stdout.write(`${JSON.stringify(said)}\n`)
  }
}

/** All that an error says, with what it came from. */
function words(error) {
  const said = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    said.push(cause.code, cause.error, cause.message)
  }
  return said.filter(Boolean).join(' · ')
}
