-- Files: looked at, handed in, taken back. Only the agency itself puts in and takes back.

-- The session's own agency; null for a person.
create or replace function counter.own_agency(p_session text, p_at timestamptz)
returns text language sql stable set search_path = pg_catalog, pg_temp as $$
    select r.agency_id from counter.reader(p_session, p_at) as r
$$;

-- Note a file that is to be judged: 'ok', 'no' (no agency's session) or 'full' (too many wait).
create function counter_api.add_upload(
    p_session text, p_upload text, p_name text, p_sha256 text, p_bytes bigint, p_at timestamptz
) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    agency text := counter.own_agency(p_session, p_at);
begin
    if agency is null then
        return 'no';
    end if;
    if (select count(*) from counter.upload as u
        where u.agency_id = agency and u.handed_in_at is null
            and u.uploaded_at > counter.clock(p_at) - interval '1 hour') >= 40
        or (select count(*) from counter.upload as u
            where u.agency_id = agency and u.state = 'waiting') >= 5 then
        return 'full';
    end if;
    insert into counter.upload (
        upload_id, agency_id, file_name, submission_sha256, size_bytes, uploaded_at, uploaded_by)
    values (p_upload, agency, p_name, p_sha256, p_bytes, counter.clock(p_at),
            counter.name_of(p_session, p_at));
    return 'ok';
end $$;

-- Files of the agency that count instead of this one, in what both hold: other bytes that were
-- handed in after these bytes were for the first time. Bytes that come again keep that time.
create or replace function counter.instead_of(p_upload counter.upload)
returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'upload_id', later.upload_id, 'file_name', later.file_name,
        'handed_in_at', later.handed_in_at) order by later.handed_in_at desc), '[]')
    from counter.upload as later
    where later.agency_id = p_upload.agency_id and later.landed_at is not null
        and later.withdrawn_at is null
        and later.submission_sha256 <> p_upload.submission_sha256
        and later.handed_in_at > (
            select min(same.handed_in_at) from counter.upload as same
            where same.agency_id = p_upload.agency_id and same.withdrawn_at is null
                and same.submission_sha256 = p_upload.submission_sha256)
        and exists (
            select from jsonb_object_keys(p_upload.receipt -> 'accepted_rows') as k (name)
            where later.receipt -> 'accepted_rows' ? k.name)
        and exists (
            select from jsonb_array_elements(p_upload.receipt -> 'units') as mine (unit),
                jsonb_array_elements(later.receipt -> 'units') as theirs (unit)
            where mine.unit -> 'fiscal_year' = theirs.unit -> 'fiscal_year')
$$;

-- A file with its receipt; null where the session may not see it. The agency's province and
-- headquarters see what was handed in.
create function counter_api.upload(p_session text, p_upload text, p_at timestamptz)
returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select to_jsonb(u) - 'marked' || jsonb_build_object(
        'has_marked', u.marked is not null,
        'is_ready', counter.is_ready(u.receipt),
        'instead', case when u.landed_note = 'known' and u.withdrawn_at is null
                        then counter.instead_of(u) else '[]' end,
        'own', counter.own_agency(p_session, p_at) is not null,
        'night', (select s.state from raw.submission as s
                  where s.submission_sha256 = u.submission_sha256
                      and s.speaks_for = 'agency:' || u.agency_id))
    from counter.upload as u
    where u.upload_id = p_upload and counter.may_see(p_session, u.agency_id, p_at)
        and (u.handed_in_at is not null or counter.own_agency(p_session, p_at) is not null)
$$;

create function counter_api.marked(p_session text, p_upload text, p_at timestamptz)
returns bytea language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select u.marked from counter.upload as u
    where u.upload_id = p_upload and counter.may_see(p_session, u.agency_id, p_at)
        and (u.handed_in_at is not null or counter.own_agency(p_session, p_at) is not null)
$$;

-- Hand in a file that was judged: 'ok', or 'no' where there is none of the session's own that can
-- be.
create function counter_api.hand_in(p_session text, p_upload text, p_at timestamptz)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    agency text := counter.own_agency(p_session, p_at);
    name text;
begin
    update counter.upload as u set handed_in_at = counter.clock(p_at)
    where u.upload_id = p_upload and u.agency_id = agency and u.state = 'judged'
        and u.handed_in_at is null and counter.is_ready(u.receipt)
    returning u.file_name into name;
    if not found then
        return 'no';
    end if;
    insert into counter.event (agency_id, happened_at, by_whom, what, detail)
    values (agency, counter.clock(p_at), 'agency', 'handed_in', name);
    return 'ok';
end $$;

create function counter_api.ask_withdrawal(p_session text, p_upload text, p_at timestamptz)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update counter.upload as u set withdrawal_asked_at = counter.clock(p_at)
    where u.upload_id = p_upload and u.agency_id = counter.own_agency(p_session, p_at)
        and u.landed_at is not null and u.withdrawal_asked_at is null;
    return case when found then 'ok' else 'no' end;
end $$;
