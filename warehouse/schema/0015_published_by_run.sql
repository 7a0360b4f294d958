-- The run that published (ITA_RUN, which a task tells its command); '' for a step that was run by
-- hand. By time alone nobody could tell it where the clock was set back meanwhile.
alter table ops.publication add column run_id text not null default '';
