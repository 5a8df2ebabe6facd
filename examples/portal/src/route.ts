/** Addresses stand behind `#`: any server of files will do, and what stands there is sent to none. */
import type { Tenant } from './configuration'
import type { Session } from './session'

export interface Visit {
  readonly tenant: Tenant
  readonly session: Session
  /** The parts of the address behind the page's name. */
  readonly rest: readonly string[]
  /** Aborted when the reader goes on to another page. */
  readonly signal: AbortSignal
}

export interface View {
  readonly title: string
  readonly body: readonly (Node | null | false)[]
}

export type Page = (visit: Visit) => Promise<View>

/** The address of a page of a tenant. */
export function at(tenant: Tenant, ...parts: string[]): string {
  return `#/${[tenant.slug, ...parts].map(encodeURIComponent).join('/')}`
}

/** Go to a page, with a message that is read out there. */
export function go(address: string, message = ''): void {
  carried = message
  location.hash = address
}

let carried = ''

/** The message for the page that opens now; given once. */
export function arriving(): string {
  const message = carried
  carried = ''
  return message
}
