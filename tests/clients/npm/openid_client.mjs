// An application on `openid-client`.
import { serve } from './serve.mjs'
import * as client from 'openid-client'

class Application {
  constructor(at) {
    this.at = at
  }

  async start(scope) {
    const { issuer, client_id, secret, redirect_uri } = this.at
    const authentication = secret === null ? client.None() : client.ClientSecretBasic(secret)
    // The library speaks https alone; the first of these lets it take an issuer on http://localhost. The second has it
    // check the signature of ID tokens too, which OpenID Connect Core §3.1.3.7 leaves to the transport.
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks]
    this.config = await client.discovery(new URL(issuer), client_id, {}, authentication, { execute })
    this.verifier = client.randomPKCECodeVerifier()
    this.state = client.randomState()
    this.nonce = client.randomNonce()
    return client.buildAuthorizationUrl(this.config, {
      redirect_uri,
      scope,
      state: this.state,
      nonce: this.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
    }).href
  }

  async finish(callback) {
    const checks = { pkceCodeVerifier: this.verifier, expectedState: this.state, expectedNonce: this.nonce }
    this.tokens = await client.authorizationCodeGrant(this.config, new URL(callback), checks)
    this.claims = this.tokens.claims()
    return this.claims
  }

  async user_info() {
    return client.fetchUserInfo(this.config, this.tokens.access_token, this.claims.sub)
  }

  async refresh() {
    this.tokens = { ...this.tokens, ...(await client.refreshTokenGrant(this.config, this.tokens.refresh_token)) }
  }

  async revoke() {
    await client.tokenRevocation(this.config, this.tokens.refresh_token)
  }

  async sign_out_address() {
    const wish = { id_token_hint: this.tokens.id_token, post_logout_redirect_uri: this.at.sign_out_uri }
    return client.buildEndSessionUrl(this.config, wish).href
  }
}

await serve(Application)
