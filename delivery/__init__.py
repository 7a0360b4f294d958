"""What is new is told: one message an agency whose pack or receipt is new, one digest a province.

news       what is new, and whom it is for
message    a message: blocks of text -> text and HTML
book       what was meant, and what came of it (ops.delivery): at most once, whatever is killed
post       a mail server, slowly, and what it said
run        the step: news -> book -> post -> book, then the digests
bounces    mail that came back
"""
