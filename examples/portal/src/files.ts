/** The files beside a case: the reading of each is audited, so it is fetched only when asked for. */
import { answer, cases, client, type Problem, Refused, type Schema, send } from './api'
import { platform } from './configuration'
import { field, fill, h } from './dom'
import { moment, t } from './language'
import { problemBox } from './problem'
import type { Visit } from './route'

type Kept = Schema['CaseFileView']
const ACCEPTED = '.pdf,.jpg,.jpeg,.png,.docx,.xlsx'

export function files(visit: Visit, service: string, id: string, kept: Kept[], again: () => Promise<unknown>): HTMLElement {
  const said = h('div')
  const refused = (error: unknown): void => fill(said, problemBox(error, visit.session))
  const input = h('input', { type: 'file', accept: ACCEPTED })
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) void attach(visit, service, id, file).then(() => again()).catch(refused)
  })
  const list = kept.map((each, index) => {
    const name = each.name ?? t('file', { number: index + 1 })
    const get = (): void => void download(visit, service, id, each, name).catch(refused)
    const size = ` ${Math.ceil(each.size / 1024)} KB · ${moment(each.added_at)}`
    return h('li', {}, h('button', { type: 'button', class: 'link', onclick: get }, t('download', { name })), size)
  })
  return h('div', {}, kept.length ? h('ul', {}, list) : h('p', {}, t('no_files')), field(t('attach'), input), said)
}

async function attach(visit: Visit, service: string, id: string, file: File): Promise<void> {
  const headers = {
    'Content-Type': file.type || 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'Idempotency-Key': crypto.randomUUID(),
  }
  const address = `${platform}/api/v1/${service}/approvals/${id}/files`
  // Bytes, not the file itself: the request may be sent again, and a file is read once.
  const body = await file.arrayBuffer()
  const response = await send(new Request(address, { method: 'POST', headers, body }), visit.session)
  if (!response.ok) throw new Refused((await response.json()) as Problem)
}

async function download(visit: Visit, service: string, id: string, kept: Kept, name: string): Promise<void> {
  const params = { path: { case_id: id, file_id: kept.id } }
  const path = cases(service, '/{case_id}/files/{file_id}/contents')
  const contents = (await answer(client(visit.session).GET(path, { params, parseAs: 'blob' }))) as Blob
  const link = h('a', { href: URL.createObjectURL(contents), download: name })
  link.click()
  URL.revokeObjectURL(link.href)
}
