"""Recovery: back-ups of ITA_HOME and its databases, restored and tried elsewhere."""
