"""Selection (考试、体检、考察): the stages of the pack, recorded in its order (NM-8)."""
