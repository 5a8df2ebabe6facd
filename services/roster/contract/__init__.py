"""The labour contract (劳动合同) between township and worker (NM-12)."""
