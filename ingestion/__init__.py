"""Intake: receive files, read them, judge them, answer with a receipt, load what is accepted."""
