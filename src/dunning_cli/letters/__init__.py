"""Letters and e-mails to debtors, as plain text."""
