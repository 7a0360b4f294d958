-- Headquarters also says on the counter whether a message of which nobody knows whether it went out
-- (ops.delivery_between) is sent again; subject: its key. As by the command, without a reason.
alter table counter.decision
    drop constraint decision_verdict_check,
    drop constraint decision_reason_check,
    add constraint decision_verdict_check check (verdict in ('approve', 'refuse', 'again', 'drop')),
    add constraint decision_reason_check check (
        length(reason) <= 2000 and (reason <> '' or verdict in ('again', 'drop'))
    );
