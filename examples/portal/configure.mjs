// Writes portal.json for the stack of `make run`: where the platform is, and the portal's client in each
// demonstration tenant. `npm run configure [data folder]`
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const folder = process.argv[2] ?? '../../.shegong' // npm runs this in the portal's own folder
const read = async (...names) => JSON.parse(await readFile(join(folder, ...names), 'utf8'))

const { base_url: platform } = await read('run', 'ready.json')
const tenants = []
for (const name of (await readdir(join(folder, 'demonstration'))).sort()) {
  const made = await read('demonstration', name)
  if (made.clients.portal) {
    tenants.push({ slug: made.tenant, title: made.name, client_id: made.clients.portal.client_id })
  }
}
await writeFile('portal.json', `${JSON.stringify({ platform, tenants }, null, 2)}\n`)
console.log(`portal.json: ${platform}, ${tenants.map((each) => each.slug).join(', ')}`)
