// An application on `oauth4webapi`.
import { serve } from './serve.mjs'
import * as oauth from 'oauth4webapi'

// The library speaks https alone; this lets it take an issuer on http://localhost, request by request.
const PLAIN_HTTP = { [oauth.allowInsecureRequests]: true }

class Application {
  constructor(at) {
    this.at = at
    this.client = { client_id: at.client_id }
    this.authentication = at.secret === null ? oauth.None() : oauth.ClientSecretPost(at.secret)
  }

  async start(scope) {
    // The address of RFC 8414; openid-client asks at OpenID Connect's.
    const issuer = new URL(this.at.issuer)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...PLAIN_HTTP })
    this.server = await oauth.processDiscoveryResponse(issuer, found)
    this.verifier = oauth.generateRandomCodeVerifier()
    this.state = oauth.generateRandomState()
    this.nonce = oauth.generateRandomNonce()
    const address = new URL(this.server.authorization_endpoint)
    address.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.at.client_id,
      redirect_uri: this.at.redirect_uri,
      scope,
      state: this.state,
      nonce: this.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
    })
    return address.href
  }

  async finish(callback) {
    const { server, client, authentication } = this
    const answer = oauth.validateAuthResponse(server, client, new URL(callback), this.state)
    const response = await oauth.authorizationCodeGrantRequest(
      server, client, authentication, answer, this.at.redirect_uri, this.verifier, PLAIN_HTTP,
    )
    const expected = { expectedNonce: this.nonce, requireIdToken: true }
    this.tokens = await oauth.processAuthorizationCodeResponse(server, client, response, expected)
    await oauth.validateApplicationLevelSignature(server, response, PLAIN_HTTP)
    this.claims = oauth.getValidatedIdTokenClaims(this.tokens)
    return this.claims
  }

  async user_info() {
    const response = await oauth.userInfoRequest(this.server, this.client, this.tokens.access_token, PLAIN_HTTP)
    return oauth.processUserInfoResponse(this.server, this.client, this.claims.sub, response)
  }

  async refresh() {
    const { server, client, authentication } = this
    const response = await oauth.refreshTokenGrantRequest(
      server, client, authentication, this.tokens.refresh_token, PLAIN_HTTP,
    )
    this.tokens = { ...this.tokens, ...(await oauth.processRefreshTokenResponse(server, client, response)) }
  }

  async revoke() {
    const { server, client, authentication } = this
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, authentication, this.tokens.refresh_token, PLAIN_HTTP),
    )
  }

  async sign_out_address() {
    const address = new URL(this.server.end_session_endpoint)
    address.search = new URLSearchParams({
      id_token_hint: this.tokens.id_token,
      post_logout_redirect_uri: this.at.sign_out_uri,
    })
    return address.href
  }
}

await serve(Application)
