-- The files and agencies that a failed check is about, as [{"file": …, "agency": …}].
alter table ops.check_result add column named jsonb not null default '[]';
