/** Signing in: authorization code with PKCE on the platform's own pages, by `oidc-client-ts`. */
import { UserManager, type User } from 'oidc-client-ts'
import { platform, type Tenant, tenants } from './configuration'
import { tag } from './language'

const HERE = location.origin + location.pathname
const UNDER_WAY = 'portal.signing-in'
const SPARE_SECONDS = 30 // a token that ends sooner is renewed before it is used

export class Session {
  readonly #manager: UserManager
  #user: User | null = null
  #renewing: Promise<void> | null = null
  /** What the last decision answered with: the own worklist waits for it. */
  position: string | null = null

  constructor(readonly tenant: Tenant) {
    this.#manager = new UserManager({
      authority: platform,
      client_id: tenant.client_id,
      redirect_uri: HERE,
      post_logout_redirect_uri: HERE,
      scope: 'openid profile offline_access',
      automaticSilentRenew: false,
    })
  }

  get name(): string | null {
    return this.#user?.profile.name ?? null
  }

  /** Who is signed in, as claims on items name them. */
  get user(): string | null {
    return this.#user?.profile.sub ?? null
  }

  get signedIn(): boolean {
    return this.#user !== null
  }

  /** Take up what this browser tab still holds. */
  async resume(): Promise<void> {
    this.#user = await this.#manager.getUser()
  }

  /** Leave for the sign-in page; the answer comes back to this address and goes on to where the reader was. */
  async signIn(): Promise<void> {
    sessionStorage.setItem(UNDER_WAY, this.tenant.slug)
    await this.#manager.signinRedirect({ state: location.hash, ui_locales: tag() })
  }

  /** Redeem the answer in the address; where the reader was. */
  async finish(answer: URLSearchParams): Promise<string> {
    // The library leaves `iss` (RFC 9207) to the application.
    if (answer.get('iss') !== platform) throw new Error('The answer comes from another issuer')
    this.#user = await this.#manager.signinRedirectCallback()
    return typeof this.#user.state === 'string' ? this.#user.state : ''
  }

  async signOut(): Promise<void> {
    await this.#manager.signoutRedirect()
  }

  /** A token that is still good for a while; null when the reader has to sign in again. `spent`: one that was refused. */
  async token(spent?: string): Promise<string | null> {
    const held = this.#user
    if (held && (held.access_token === spent || (held.expires_in ?? 0) < SPARE_SECONDS)) {
      // Refresh tokens are good for once: all who need a new access token wait for the same renewal.
      this.#renewing ??= this.#renew().finally(() => (this.#renewing = null))
      await this.#renewing
    }
    return this.#user?.access_token ?? null
  }

  async #renew(): Promise<void> {
    try {
      this.#user = await this.#manager.signinSilent()
    } catch {
      // Whatever the reason, what is left to do is the same: sign in again, which the next request shows.
      await this.#manager.removeUser()
      this.#user = null
    }
  }
}

const sessions = new Map<string, Session>()

/** The session of this tab with a tenant; null for a tenant that the portal does not know. */
export function sessionOf(slug: string): Session | null {
  const tenant = tenants.find((each) => each.slug === slug)
  if (!tenant) return null
  const known = sessions.get(slug) ?? new Session(tenant)
  sessions.set(slug, known)
  return known
}

/** Finish a sign-in whose answer stands in the address; false where it was not completed. */
export async function finishSignIn(): Promise<boolean> {
  const answer = new URLSearchParams(location.search)
  if (!answer.has('code') && !answer.has('error')) return true
  const slug = sessionStorage.getItem(UNDER_WAY) ?? ''
  sessionStorage.removeItem(UNDER_WAY)
  const session = sessionOf(slug)
  let hash = `#/${slug}`
  let finished = false
  try {
    if (session && answer.has('code')) {
      hash = (await session.finish(answer)) || hash
      finished = true
    }
  } finally {
    // The code is not left in the address, nor in the history.
    history.replaceState(null, '', HERE + hash)
  }
  return finished
}
