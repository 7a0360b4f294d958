-- Signing in and out. Nothing here says whether an agency exists.

-- Use a link or a letter's code: 'ok', 'no' or 'later' (too many tries). p_claimed: what was typed
-- beside a letter's code, in small letters; null for a link, whose token is all there is. p_for,
-- p_from: whom the try was for and whence it came, hashed.
create function counter_api.sign_in(
    p_ticket text, p_claimed text, p_session text, p_for text, p_from text, p_at timestamptz
) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    ticket counter.ticket;
    said constant timestamptz := counter.clock(p_at);
begin
    if counter.tried(p_from, p_at, '1 hour') >= 30 or counter.tried(p_for, p_at, '1 hour') >= 10
    then
        return 'later';
    end if;
    update counter.ticket as t set used_at = said
    where t.ticket_sha256 = p_ticket and t.used_at is null and t.expires_at > said
        and (p_claimed is null and t.kind = 'link'
             or p_claimed is not null and t.kind = 'letter'
                and p_claimed = lower(coalesce(t.agency_id, t.person_name)))
    returning * into ticket;
    if ticket.ticket_sha256 is null then
        insert into counter.attempt (what, attempted_at) values (p_for, said), (p_from, said);
        return 'no';
    end if;
    insert into counter.session (session_sha256, agency_id, person_name, began_at, ends_at)
    values (p_session, ticket.agency_id, ticket.person_name, said, said + interval '10 hours');
    if ticket.agency_id is not null then
        insert into counter.event (agency_id, happened_at, by_whom, what, detail)
        values (ticket.agency_id, said, 'agency', 'signed_in', ticket.kind);
    end if;
    return 'ok';
end $$;

-- Is a link still good? Looking does not use it, and counts as no try.
create function counter_api.link_is_good(p_ticket text, p_at timestamptz)
returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (
        select from counter.ticket
        where ticket_sha256 = p_ticket and kind = 'link' and used_at is null
            and expires_at > counter.clock(p_at))
$$;

-- May a link be asked for once more? Counts the asking, whoever it is for.
create function counter_api.may_ask_link(p_for text, p_from text, p_at timestamptz)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if counter.tried(p_from, p_at, '1 hour') >= 30 or counter.tried(p_for, p_at, '15 minutes') >= 3
    then
        return false;
    end if;
    insert into counter.attempt (what, attempted_at) values
        (p_for, counter.clock(p_at)), (p_from, counter.clock(p_at));
    return true;
end $$;

create function counter_api.sign_out(p_session text, p_at timestamptz)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
    update counter.session set ends_at = least(ends_at, counter.clock(p_at))
    where session_sha256 = p_session
$$;

-- An hour more for a session that ends soon, up to twenty since it began; when it ends then.
create function counter_api.stay(p_session text, p_at timestamptz)
returns timestamptz language sql security definer set search_path = pg_catalog, pg_temp as $$
    update counter.session
    set ends_at = greatest(ends_at, least(
        counter.clock(p_at) + interval '1 hour', began_at + interval '20 hours'))
    where session_sha256 = p_session and ends_at > counter.clock(p_at)
    returning ends_at
$$;

-- Who the session is; null where it is none. Looked up one by one: joined, the view of agencies
-- would be made for the whole country.
create function counter_api.who(p_session text, p_at timestamptz)
returns jsonb language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
    reader record;
    own counter.agency;
begin
    select * into reader from counter.reader(p_session, p_at);
    if reader.kind is null then
        return null;
    end if;
    select * into own from counter.agency as a where a.agency_id = reader.agency_id;
    return jsonb_build_object(
        'ends_at', (select s.ends_at from counter.session as s
                    where s.session_sha256 = p_session),
        'kind', reader.kind, 'agency_id', reader.agency_id, 'person', reader.person_name,
        'province_code', coalesce(reader.province_code, own.province_code),
        'name_th', own.name_th, 'agency_type', own.agency_type);
end $$;
