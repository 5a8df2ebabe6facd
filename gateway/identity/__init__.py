"""Identity: the OAuth 2.1 and OpenID Connect server of the platform (T6), one issuer, sign-in per tenant.

The pieces that speak OAuth stand in `oauth/` on Authlib; the pages that a browser sees stand in `pages/`. The
rooms beside them hold what is the platform's own: clients, credentials, sessions, token families, signing
keys.
"""
