-- What only headquarters sees and decides.

create or replace function counter.is_headquarters(p_session text, p_at timestamptz)
returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce((select r.kind = 'headquarters' from counter.reader(p_session, p_at) as r),
                    false)
$$;

create function counter_api.country(p_session text, p_year integer, p_at timestamptz)
returns jsonb language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
    scores jsonb := '{}';
begin
    if not counter.is_headquarters(p_session, p_at) then
        return null;
    end if;
    -- not from mart.province_summary: it has no row for the agencies of no province
    if to_regclass('mart.assessment') is not null then
        select coalesce(jsonb_object_agg(s.province_code, jsonb_build_array(
            s.agencies, s.mean_score, s.pass_share)), '{}') into scores
        from (
            select coalesce(a.province_code, '00') as province_code, count(*) as agencies,
                   round(avg(a.overall_score), 2) as mean_score,
                   round(100.0 * count(*) filter (where a.is_pass) / count(*), 2) as pass_share
            from mart.assessment as a
            where a.fiscal_year = p_year and a.overall_score is not null
            group by 1) as s;
    end if;
    return (
        with sent as (
            select u.agency_id,
                bool_or(u.kind = 'scores' and u.fiscal_year = p_year
                        and s.authority = 'agency') as own_scores,
                bool_or(u.kind = 'measures' and u.fiscal_year = p_year + 1) as measures
            from raw.unit as u join raw.submission as s using (submission_sha256)
            where u.fiscal_year in (p_year, p_year + 1)
                and s.state in ('accepted', 'accepted_with_warnings')
            group by u.agency_id),
        handed as (
            select distinct u.agency_id from counter.upload as u
            where u.handed_in_at is not null and u.withdrawn_at is null),
        asked as (
            select q.agency_id, count(*) as open from counter.question as q
            where q.answered_at is null group by q.agency_id)
        select coalesce(jsonb_agg(to_jsonb(made) order by province_code), '[]')
        from (
            select a.province_code, count(*) as agencies,
                   count(*) filter (where sent.own_scores) as own_scores,
                   count(*) filter (where sent.measures) as measures,
                   count(h.agency_id) as on_counter, coalesce(sum(q.open), 0) as open,
                   count(*) filter (where c.agency_id is null) as without_contact,
                   scores -> a.province_code -> 0 as results,
                   scores -> a.province_code -> 1 as mean_score,
                   scores -> a.province_code -> 2 as pass_share
            from counter.agency as a
            left join sent using (agency_id)
            left join handed as h using (agency_id)
            left join asked as q using (agency_id)
            left join counter.contact as c using (agency_id)
            where a.valid_to is null or a.valid_to >= p_year
            group by a.province_code) as made);
end $$;

-- Who refused a build and why; null where nobody did, or somebody approved it since.
create or replace function counter.refused(p_build text)
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select to_jsonb(r) from ops.refusal as r
    where r.subject = p_build and not exists (
        select from ops.approval as a
        where a.build_id = p_build and a.approved_at > r.refused_at)
    order by r.refused_at desc limit 1
$$;

-- The messages of which nobody knows whether they went out, the oldest first. cut: the run ended
-- before it could write down what came of it; else the line went dead before the server said it.
create or replace function counter.unknown_messages()
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'message_key', m.message_key, 'kind', m.kind, 'recipient', m.recipient,
        'name_th', m.name_th, 'province_code', m.province_code, 'night', m.night,
        'meant_at', m.meant_at,
        'cut', r.ended_at is null and not exists (
            select from ops.delivery as later
            where later.run_no = m.run_no and later.delivery_no > m.delivery_no))
        order by m.delivery_no), '[]')
    from ops.delivery_between as m join ops.delivery_run as r using (run_no)
$$;

-- What waits for a person: the audited candidate with what it changes, registry rows, each beside
-- the row that counts, and messages; and the last decisions.
create function counter_api.waiting(p_session text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object(
        'builds', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'build_id', b.build_id, 'built_at', b.built_at,
                'approved', exists (
                    select from ops.approval as p
                    where p.build_id = b.build_id and not exists (
                        select from ops.rollback as t
                        where t.released_at is null and t.held_at >= p.approved_at)),
                'taken_back', (
                    select to_jsonb(t) from ops.rollback as t where t.released_at is null),
                'refused', counter.refused(b.build_id),
                'changes', (
                    select coalesce(jsonb_agg(to_jsonb(c) order by fiscal_year desc, change), '[]')
                    from (select fiscal_year, change, count(*) as agencies
                          from ops.change_preview as v where v.build_id = b.build_id
                          group by fiscal_year, change) as c),
                'largest', (
                    select coalesce(jsonb_agg(to_jsonb(c)), '[]')
                    from (select v.*, a.name_th
                          from ops.change_preview as v
                          left join counter.agency as a using (agency_id)
                          where v.build_id = b.build_id and v.change in ('gone', 'score')
                          order by abs(coalesce(v.overall_after, 0) - coalesce(v.overall_before, 0))
                              desc, v.agency_id limit 50) as c))), '[]')
            from ops.build as b
            where b.schema_name = 'candidate' and b.state = 'audited'
                and (exists (select from ops.change_preview as v where v.build_id = b.build_id)
                     or exists (select from ops.rollback as t where t.released_at is null))),
        'registries', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'submission_sha256', s.submission_sha256, 'file_name', s.file_name,
                'inbox', s.inbox, 'received_at', s.received_at,
                'rows', (
                    select jsonb_agg(jsonb_build_object(
                        'agency_id', r.agency_id, 'name_th', r.name_th,
                        'agency_type', r.agency_type, 'province_code', r.province_code,
                        'valid_from', r.valid_from, 'valid_to', r.valid_to,
                        'replaces', r.replaces, 'counts', to_jsonb(a)) order by r.agency_id)
                    from (select * from raw.agency as w
                          where w.submission_sha256 = s.submission_sha256 and w.waits
                          order by w.agency_id limit 200) as r
                    left join counter.agency as a using (agency_id)))
                order by s.received_at), '[]')
            from raw.submission as s
            where s.state in ('accepted', 'accepted_with_warnings')
                and exists (select from raw.agency as w
                            where w.submission_sha256 = s.submission_sha256 and w.waits)),
        'messages', counter.unknown_messages(),
        'decisions', (
            select coalesce(jsonb_agg(to_jsonb(d) order by d.decision_no desc), '[]')
            from (select c.*, coalesce(
                      (select m.name_th from ops.delivery as m
                       where m.message_key = c.subject limit 1),
                      (select s.file_name from raw.submission as s
                       where s.submission_sha256 = c.subject)) as name_th
                  from counter.decision as c order by c.decision_no desc limit 50) as d))
    where counter.is_headquarters(p_session, p_at)
$$;

create function counter_api.decide(
    p_session text, p_subject text, p_verdict text, p_reason text, p_at timestamptz
) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not counter.is_headquarters(p_session, p_at) or not (case
        when p_verdict in ('again', 'drop') then
            exists (select from ops.delivery_between as m where m.message_key = p_subject)
        else
            exists (select from ops.build as b
                    where b.build_id = p_subject and b.schema_name = 'candidate'
                        and b.state = 'audited')
            or exists (select from raw.agency as w
                       where w.submission_sha256 = p_subject and w.waits)
        end) then
        return 'no';
    end if;
    insert into counter.decision (subject, verdict, reason, decided_at, decided_by)
    values (p_subject, p_verdict, p_reason, counter.clock(p_at),
            counter.name_of(p_session, p_at));
    return 'ok';
end $$;
