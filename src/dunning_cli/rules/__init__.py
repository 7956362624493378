"""Rule packs and rate tables: found, read from TOML, and turned into values of the domain."""
