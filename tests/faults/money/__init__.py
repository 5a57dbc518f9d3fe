"""Forms about money by topic, beside those of payouts in tests/faults/money_forms.py."""
