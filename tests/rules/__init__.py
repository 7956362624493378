"""Rule packs and calendars."""
