"""What an operator is told: verdicts, alerts, metrics; and what is kept how long."""
