"""The OAuth 2.1 / OpenID Connect server, on Authlib.

Authlib is synchronous and keeps nothing between calls here: each request makes a `Server` for one tenant and
one database session and runs its flow inside `AsyncSession.run_sync`, in one transaction and without a
thread. What Authlib leaves open (see reliability.md §3.3) is closed in `grants`, `proof` and `endpoints`.
"""
