"""The kinds of contact rule and the guard, each by table and by what holds for anything."""
