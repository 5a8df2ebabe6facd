// Writes src/client.ts: the types of those operations that the portal calls, generated from the platform's merged
// OpenAPI document. `npm run client [address or file]`; with --check nothing is written and a difference is an error.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const FILE = new URL('src/client.ts', import.meta.url)
const HEAD = '// Generated from the merged OpenAPI document by `npm run client`. Not edited by hand.\n\n'
const CASE = '/api/v1/roster/approvals/{case_id}' // every service mounts the same operations on its cases
const MINE = '/api/v1/recruitment/my/applications'
const OPERATIONS = [
  'get /api/v1/worklist/items',
  'get /api/v1/worklist/counts',
  'get /api/v1/directory/tenant',
  'get /api/v1/directory/units/{unit_id}',
  'get /api/v1/directory/posts',
  'get /api/v1/regulation/terms',
  'get /api/v1/regulation/articles/{number}',
  `get ${CASE}`,
  `get ${CASE}/allowed-actions`,
  `get ${CASE}/timeline`,
  `get ${CASE}/files`,
  `post ${CASE}/files`,
  `get ${CASE}/files/{file_id}/contents`,
  `post ${CASE}/decisions`,
  'post /api/v1/roster/approvals/bulk-decisions',
  'get /api/v1/recruitment/plans/{plan_id}',
  'get /api/v1/recruitment/hires/{hire_id}',
  'get /api/v1/recruitment/applications/{application_id}/eligibility',
  `get ${MINE}`,
  `get ${MINE}/{application_id}`,
  `get ${MINE}/{application_id}/documents`,
  `get ${MINE}/{application_id}/eligibility`,
  `post ${MINE}/{application_id}/withdraw`,
  'get /public/{tenant}/recruitment/notices',
  'get /public/{tenant}/recruitment/notices/{notice_id}',
  'get /public/{tenant}/recruitment/publicity',
  'get /public/{tenant}/assessment/surveys/{survey_id}/form',
  'post /public/{tenant}/assessment/surveys/{survey_id}/answers',
]

/** The document with nothing but those operations and the schemas that they name. */
function part(document) {
  const paths = {}
  for (const operation of OPERATIONS) {
    const [method, path] = operation.split(' ')
    const found = document.paths[path]?.[method]
    if (!found) throw new Error(`The document has no operation ${operation}`)
    paths[path] = { ...paths[path], [method]: { ...found, responses: answers(found.responses) } }
  }
  const schemas = {}
  let waiting = named(paths)
  while (waiting.length) {
    const fresh = waiting.filter((name) => !(name in schemas))
    for (const name of fresh) schemas[name] = document.components.schemas[name]
    waiting = fresh.flatMap((name) => named(schemas[name]))
  }
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1)))
  return { openapi: document.openapi, info: document.info, paths, components: { schemas: sorted } }
}

/** Whatever is refused is refused by a problem document: said once, not by status. */
function answers(responses) {
  const [, problem] = Object.entries(responses).find(([status]) => status >= '400')
  const good = Object.entries(responses).filter(([status]) => status < '400')
  return { ...Object.fromEntries(good), default: problem }
}

function named(value) {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((found) => found[1])
}

async function read(source) {
  if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, 'utf8'))
  const answer = await fetch(source)
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`)
  return answer.json()
}

const given = process.argv.slice(2)
const source = given.find((word) => !word.startsWith('--')) ?? 'http://localhost:8080/openapi.json'
const types = HEAD + astToString(await openapiTS(part(await read(source)), { alphabetize: true }))
if (!given.includes('--check')) {
  await writeFile(FILE, types)
} else if ((await readFile(FILE, 'utf8')) !== types) {
  console.error('examples/portal/src/client.ts is not of this API: shegong openapi > api.json; npm run client api.json')
  process.exitCode = 1
}
