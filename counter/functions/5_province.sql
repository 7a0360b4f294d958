-- What a province sees of its agencies, and headquarters of all.

create function counter_api.province(
    p_session text, p_province text, p_year integer, p_at timestamptz
) returns jsonb language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
    scores jsonb := '{}';
begin
    if not counter.may_see_province(p_session, p_province, p_at) then
        return null;
    end if;
    if to_regclass('mart.assessment') is not null then
        select coalesce(jsonb_object_agg(s.agency_id, jsonb_build_array(
            s.overall_score, s.level_th)), '{}') into scores
        from mart.assessment as s
        where s.fiscal_year = p_year and coalesce(s.province_code, '00') = p_province;
    end if;
    return (
        with sent as (
            select u.agency_id,
                bool_or(u.kind = 'scores' and u.fiscal_year = p_year
                        and s.authority = 'agency') as own_scores,
                bool_or(u.kind = 'measures' and u.fiscal_year = p_year + 1) as measures,
                bool_or(u.kind = 'progress' and u.fiscal_year = p_year + 1) as progress
            from raw.unit as u
            join raw.submission as s using (submission_sha256)
            join counter.agency as a on a.agency_id = u.agency_id
            where a.province_code = p_province and u.fiscal_year in (p_year, p_year + 1)
                and s.state in ('accepted', 'accepted_with_warnings')
            group by u.agency_id),
        handed as (
            select distinct on (u.agency_id) u.agency_id, u.upload_id, u.handed_in_at,
                   u.receipt ->> 'state' as judged
            from counter.upload as u
            where u.handed_in_at is not null and u.withdrawn_at is null
            order by u.agency_id, u.handed_in_at desc),
        asked as (
            select q.agency_id, count(*) as open from counter.question as q
            where q.answered_at is null group by q.agency_id)
        select jsonb_build_object('agencies', coalesce(jsonb_agg(jsonb_build_object(
            'agency_id', a.agency_id, 'name_th', a.name_th, 'agency_type', a.agency_type,
            'district_th', a.district_th, 'overall', scores -> a.agency_id -> 0,
            'level_th', scores -> a.agency_id -> 1, 'own_scores', coalesce(own_scores, false),
            'measures', coalesce(measures, false), 'progress', coalesce(progress, false),
            'upload_id', h.upload_id, 'handed_in_at', h.handed_in_at, 'judged', h.judged,
            'open', coalesce(q.open, 0), 'has_contact', c.agency_id is not null)
            order by a.agency_type, a.name_th), '[]'))
        from counter.agency as a
        left join sent using (agency_id)
        left join handed as h using (agency_id)
        left join asked as q using (agency_id)
        left join counter.contact as c using (agency_id)
        where a.province_code = p_province
            and (a.valid_to is null or a.valid_to >= p_year));
end $$;

create function counter_api.contacts(p_session text, p_province text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'agency_id', a.agency_id, 'name_th', a.name_th, 'address', c.address)
        order by c.address is not null, a.name_th), '[]')
    from counter.agency as a
    left join counter.contact as c using (agency_id)
    where a.province_code = p_province and counter.may_see_province(p_session, p_province, p_at)
$$;

-- Of these agencies, those that the person of the session may mend contacts and print letters for.
create function counter_api.in_charge_of(p_session text, p_agencies text[], p_at timestamptz)
returns table (agency_id text, name_th text, district_th text, province_code text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.agency_id, a.name_th, a.district_th, a.province_code
    from counter.agency as a, counter.reader(p_session, p_at) as r
    where a.agency_id = any (p_agencies)
        and (r.kind = 'headquarters'
             or r.kind = 'province' and a.province_code = r.province_code)
    order by a.district_th, a.name_th
$$;

-- The persons for whom headquarters prints letters.
create function counter_api.persons(p_session text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'person_name', p.person_name, 'province_code', p.province_code)
        order by p.province_code nulls first, p.person_name), '[]')
    from counter.person as p, counter.reader(p_session, p_at) as r
    where r.kind = 'headquarters'
$$;

-- Open questions and disputes, the oldest first, and the last answered ones.
create function counter_api.questions(p_session text, p_province text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(made) order by answered_at desc nulls first, question_no),
                    '[]')
    from (
        select q.*, a.name_th, a.province_code
        from counter.question as q
        join counter.agency as a using (agency_id)
        where (p_province is null or a.province_code = p_province)
            and case when p_province is null
                     then (select r.kind = 'headquarters' from counter.reader(p_session, p_at) as r)
                     else counter.may_see_province(p_session, p_province, p_at) end
        order by q.answered_at desc nulls first, q.question_no limit 300) as made
$$;

create function counter_api.question(p_session text, p_question bigint, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select to_jsonb(q) || jsonb_build_object('name_th', a.name_th,
                                             'province_code', a.province_code)
    from counter.question as q join counter.agency as a using (agency_id)
    where q.question_no = p_question and counter.may_see(p_session, q.agency_id, p_at)
$$;

create function counter_api.ask(
    p_session text, p_year integer, p_figure text, p_shown text, p_kind text, p_text text,
    p_at timestamptz
) returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    agency text := counter.own_agency(p_session, p_at);
    number bigint;
begin
    if agency is null or (
        select count(*) from counter.question as q
        where q.agency_id = agency and q.answered_at is null) >= 50 then
        return null;
    end if;
    insert into counter.question (
        agency_id, fiscal_year, figure, shown, kind, asked_at, asked_by, question_th)
    values (agency, p_year, p_figure, p_shown, p_kind, counter.clock(p_at), 'agency', p_text)
    returning question_no into number;
    insert into counter.event (agency_id, happened_at, by_whom, what, detail)
    values (agency, counter.clock(p_at), 'agency', 'asked', p_year || ' ' || p_figure);
    return number;
end $$;

create function counter_api.answer(
    p_session text, p_question bigint, p_text text, p_at timestamptz
) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked counter.question;
begin
    update counter.question as q
    set answered_at = counter.clock(p_at), answered_by = counter.name_of(p_session, p_at),
        answer_th = p_text
    where q.question_no = p_question and q.answered_at is null
        and exists (select from counter_api.in_charge_of(p_session, array[q.agency_id], p_at))
    returning * into asked;
    if asked.question_no is null then
        return 'no';
    end if;
    insert into counter.event (agency_id, happened_at, by_whom, what, detail)
    values (asked.agency_id, counter.clock(p_at), asked.answered_by, 'answered',
            asked.fiscal_year || ' ' || asked.figure);
    return 'ok';
end $$;
