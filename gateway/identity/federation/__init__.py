"""Sign-in by a tenant's own OpenID Connect provider (T7): code flow with PKCE and nonce, users mapped by rule."""
