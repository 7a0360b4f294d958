-- What is seen of an agency: by itself, its province and headquarters. Null where the session may
-- not see it, and where it is not there: nothing tells the two apart.

-- Results of the agency, the newest year first.
create or replace function counter.results_of(p_agency text)
returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    if to_regclass('mart.assessment') is null then
        return '[]';
    end if;
    return (
        select coalesce(jsonb_agg(to_jsonb(made) order by fiscal_year desc), '[]')
        from (
            select s.fiscal_year, s.name_th, coalesce(s.province_code, '00') as province_code,
                   s.overall_score, s.level_code, s.level_th, s.level_reason_th, s.score_source,
                   s.provisional, s.iit_score, s.eit_score, s.eit_public_score,
                   s.eit_survey_score, s.oit_score, p.province_rank, p.province_count,
                   n.type_rank, n.type_count
            from mart.assessment as s
            left join mart.national_ranking as n using (agency_id, fiscal_year)
            left join mart.provincial_ranking as p using (agency_id, fiscal_year)
            where s.agency_id = p_agency) as made);
end $$;

-- What counts of the agency's: kind and year, when it came, in whose file (own inbox: its name).
create or replace function counter.units_of(p_agency text)
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(made) order by received_at desc, kind), '[]')
    from (
        select u.fiscal_year, u.kind, s.authority, s.state, s.received_at,
               s.submission_sha256,
               s.speaks_for = 'agency:' || p_agency as own,
               case when s.speaks_for = 'agency:' || p_agency
                    then regexp_replace(s.file_name, '^.*/', '') end as file_name,
               (select max(p.as_of) from raw.progress as p
                where p.submission_sha256 = u.submission_sha256 and p.agency_id = p_agency
                    and u.kind = 'progress') as as_of
        from raw.unit as u
        join raw.submission as s using (submission_sha256)
        where u.agency_id = p_agency and s.state in ('accepted', 'accepted_with_warnings')
    ) as made
$$;

-- Can a file with this receipt be handed in? Not where nothing of it was accepted: the night would
-- say the same. Not where something of it is another agency's: the same bytes are one submission,
-- which speaks for one agency, and a table of several that each hands in would count for the first.
create or replace function counter.is_ready(p_receipt jsonb)
returns boolean language sql immutable set search_path = pg_catalog, pg_temp as $$
    select p_receipt ->> 'state' <> 'rejected' and not p_receipt -> 'rules' ? 'inbox_scope'
$$;

create or replace function counter.uploads_of(p_agency text)
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(made) order by uploaded_at desc), '[]')
    from (
        select u.upload_id, u.file_name, u.size_bytes, u.uploaded_at, u.state,
               counter.is_ready(u.receipt) as is_ready, u.handed_in_at, u.landed_at,
               u.landed_note,
               u.withdrawal_asked_at, u.withdrawn_at, s.state as night
        from counter.upload as u
        left join raw.submission as s
            on s.submission_sha256 = u.submission_sha256
            and s.speaks_for = 'agency:' || u.agency_id
        where u.agency_id = p_agency
        order by u.uploaded_at desc limit 100) as made
$$;

create or replace function counter.questions_of(p_agency text)
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(q) order by q.question_no desc), '[]')
    from counter.question as q where q.agency_id = p_agency
$$;

-- The names of the agencies that took the place of one that has ended.
create or replace function counter.successors_of(p_agency text)
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(distinct a.name_th), '[]')
    from raw.agency as r
    join raw.submission as s on r.submission_sha256 = s.submission_sha256
    join counter.agency as a on r.agency_id = a.agency_id
    where p_agency = any (r.replaces) and not r.waits
        and s.state in ('accepted', 'accepted_with_warnings')
$$;

create function counter_api.agency(p_session text, p_agency text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object(
        'agency', to_jsonb(a),
        'successors', case when a.valid_to is null then '[]'
                           else counter.successors_of(a.agency_id) end,
        'results', counter.results_of(a.agency_id),
        'units', counter.units_of(a.agency_id),
        'uploads', counter.uploads_of(a.agency_id),
        'questions', counter.questions_of(a.agency_id),
        'has_contact', exists (select from counter.contact as c where c.agency_id = a.agency_id))
    from counter.agency as a
    where a.agency_id = p_agency and counter.may_see(p_session, p_agency, p_at)
$$;

-- What was done on the counter for the agency, the latest first.
create function counter_api.history(p_session text, p_agency text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(made) order by event_no desc), '[]')
    from (
        select event_no, happened_at, by_whom, what, detail from counter.event
        where agency_id = p_agency order by event_no desc limit 300) as made
    where counter.may_see(p_session, p_agency, p_at)
$$;

-- Every figure of a year that the agency may ask about: address, value, title.
create function counter_api.figures(
    p_session text, p_agency text, p_year integer, p_at timestamptz
) returns jsonb language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
    if not counter.may_see(p_session, p_agency, p_at)
        or to_regclass('mart.assessment') is null then
        return null;
    end if;
    return (
        select jsonb_build_object(
            'assessment', to_jsonb(s),
            'ranks', (select to_jsonb(n) from mart.national_ranking as n
                      where n.agency_id = p_agency and n.fiscal_year = p_year),
            'province_rank', (select to_jsonb(p) from mart.provincial_ranking as p
                              where p.agency_id = p_agency and p.fiscal_year = p_year),
            'indicators', coalesce((select jsonb_agg(to_jsonb(i) order by i.indicator_no)
                           from mart.indicator_score as i
                           where i.agency_id = p_agency and i.fiscal_year = p_year), '[]'),
            'items', coalesce((select jsonb_agg(to_jsonb(i)
                          order by i.indicator_no, length(i.item_code), i.item_code, i.eit_part)
                      from mart.item_score as i
                      where i.agency_id = p_agency and i.fiscal_year = p_year), '[]'))
        from mart.assessment as s
        where s.agency_id = p_agency and s.fiscal_year = p_year);
end $$;

-- Where the packs of the agency are: year and province as of that year. p_agency null: all agencies
-- of a province that the session sees.
create function counter_api.packs(
    p_session text, p_agency text, p_province text, p_year integer, p_at timestamptz
) returns table (agency_id text, fiscal_year integer, province_code text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if to_regclass('mart.assessment') is null then
        return;
    end if;
    if p_agency is not null and counter.may_see(p_session, p_agency, p_at) then
        return query
            select s.agency_id, s.fiscal_year, coalesce(s.province_code, '00')
            from mart.assessment as s
            where s.agency_id = p_agency and s.fiscal_year = p_year;
    elsif p_agency is null and counter.may_see_province(p_session, p_province, p_at) then
        return query
            select s.agency_id, s.fiscal_year, coalesce(s.province_code, '00')
            from mart.assessment as s
            where s.fiscal_year = p_year
                and coalesce(s.province_code, '00') = p_province
            order by 1;
    end if;
end $$;

-- May the receipt of a file that came otherwise be shown: one that speaks for the agency alone?
create function counter_api.receipt_is_own(
    p_session text, p_agency text, p_submission text, p_at timestamptz
) returns boolean language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
    select counter.may_see(p_session, p_agency, p_at) and exists (
        select from raw.submission as s
        where s.submission_sha256 = p_submission and s.speaks_for = 'agency:' || p_agency)
$$;

create function counter_api.may_see(p_session text, p_agency text, p_at timestamptz)
returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select counter.may_see(p_session, p_agency, p_at)
$$;
