"""The format of rule packs, its loader, and the packs that are shipped."""
