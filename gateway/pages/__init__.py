"""Pages and the merged API document: the first page, the documentation, one page per problem. No outside asset."""
