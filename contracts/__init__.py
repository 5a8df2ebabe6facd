"""The published events: one module per service, primitives only, never changed, only versioned.

Conventions: a class per event and version (`ApplicationHired`, later `ApplicationHiredV2`), derived from
`kernel.events.event.Event`, with the class variables `source`, `aggregate`, `name` and `v`. Members are str,
int, bool, lists of those, or None; ids are UUID strings, days `YYYY-MM-DD`, instants RFC 3339 UTC, money a
decimal string. `source`, `aggregate`, `name`, `v` and `sealed` are taken and cannot be members (write
`unit_name`). A new optional member with a default is an addition; anything else is a new `v`. Personal data
goes into the sealed member only (`kernel.events.event.Seal`).
"""
