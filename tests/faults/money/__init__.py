"""Forms about money by topic, beside those of statements and payouts in tests/faults/money_forms.py."""
