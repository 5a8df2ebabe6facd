// An application on `oidc-client-ts`: all of it runs in the browser.
// The library takes an issuer on http://localhost by itself: Web Crypto, which it makes the challenge with, is there on
// https and on the loopback alone. Left to the application: `iss` in the answer (RFC 9207), and a nonce to be checked.
const { UserManager } = globalThis.oidc
const heard = new URLSearchParams(location.search)

if (heard.has('authority')) {
  sessionStorage.setItem('registration', JSON.stringify(Object.fromEntries(heard)))
}
const { authority, client_id } = JSON.parse(sessionStorage.getItem('registration'))
const manager = new UserManager({
  authority,
  client_id,
  redirect_uri: `${location.origin}/app.html`,
  post_logout_redirect_uri: `${location.origin}/bye.html`,
  scope: 'openid profile offline_access',
  loadUserInfo: true,
  automaticSilentRenew: false,
})

function show(name, value) {
  document.getElementById(name).textContent = value
}

async function attempt(what) {
  try {
    const user = await what()
    if (user) {
      const { profile, access_token, refresh_token } = user
      show('user', JSON.stringify({ profile, access_token, refresh_token }))
    }
  } catch (error) {
    show('refused', error.message)
  }
}

async function calledBack() {
  if (heard.get('iss') !== authority) {
    throw new Error('The answer comes from another issuer')
  }
  return manager.signinRedirectCallback()
}

document.getElementById('in').onclick = () => attempt(() => manager.signinRedirect({ nonce: crypto.randomUUID() }))
document.getElementById('renew').onclick = () => attempt(() => manager.signinSilent())
document.getElementById('out').onclick = () => attempt(() => manager.signoutRedirect())
if (heard.has('code') || heard.has('error')) {
  await attempt(calledBack)
}
