"""Taking up the post (上岗), behind the contract and the pre-service gate (NM-12, NM-20)."""
