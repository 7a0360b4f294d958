-- Why the candidate was not published without a person (publish/preview.py); null where nothing
-- held it. A night's failure says it, too; steps that were run by hand have no night.
alter table ops.build add column held_for text;
