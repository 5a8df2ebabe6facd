/** Where the platform is and whose front end this is; `vite.config.ts` reads it from portal.json when it builds. */
export interface Configuration {
  readonly platform: string
  readonly tenants: readonly Tenant[]
}

export interface Tenant {
  /** The tenant's name in addresses. */
  readonly slug: string
  readonly title: string
  readonly client_id: string
}

declare const PORTAL: Configuration

export const platform = new URL(PORTAL.platform).origin
export const tenants = PORTAL.tenants
