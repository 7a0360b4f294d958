-- Who a session is and what it may see: the wall. For the functions of counter_api only.
-- Time always comes in as a parameter; tokens come in hashed.

-- The time that a caller says it is, as far as PostgreSQL's own clock allows (another machine's may
-- be some minutes off): an earlier one would open what is over, a later one last for ever.
create or replace function counter.clock(p_at timestamptz)
returns timestamptz language sql stable set search_path = pg_catalog, pg_temp as $$
    select least(greatest(p_at, now() - interval '5 minutes'), now() + interval '5 minutes')
$$;

-- The fiscal year (B.E.) that a time is in: October is of the next one.
create or replace function counter.fiscal_year(p_at timestamptz)
returns integer language sql stable set search_path = pg_catalog, pg_temp as $$
    select extract(year from p_at at time zone 'Asia/Bangkok' + interval '3 months')::integer + 543
$$;

-- The registry row of an agency that counts now: one of a year to come where there is no other.
-- A view is given no time: counter.clock(null) is that of PostgreSQL, less five minutes.
create or replace view counter.agency as
select distinct on (a.agency_id)
    a.agency_id,
    a.name_th,
    a.agency_type,
    coalesce(a.province_code, '00') as province_code,
    a.district_th,
    a.valid_to
from raw.agency as a
inner join raw.submission as s on a.submission_sha256 = s.submission_sha256
where s.state in ('accepted', 'accepted_with_warnings') and not a.waits
order by
    a.agency_id, a.valid_from > counter.fiscal_year(counter.clock(null)), a.valid_from desc,
    s.received_at desc, s.submission_sha256 desc;

-- Who a session is: null columns where there is none. province_code: its own; null for the others.
create or replace function counter.reader(
    p_session text, p_at timestamptz,
    out kind text, out agency_id text, out person_name text, out province_code text
) language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when s.agency_id is not null then 'agency'
                when p.province_code is null then 'headquarters' else 'province' end,
           s.agency_id, s.person_name, p.province_code
    from counter.session as s
    left join counter.person as p on p.person_name = s.person_name
    where s.session_sha256 = p_session and s.ends_at > counter.clock(p_at)
        and (s.agency_id is not null or p.person_name is not null)
$$;

create or replace function counter.may_see(p_session text, p_agency text, p_at timestamptz)
returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(
        (select case r.kind
                    when 'agency' then r.agency_id = p_agency
                    when 'province' then a.province_code = r.province_code
                    when 'headquarters' then true
                end
         from counter.reader(p_session, p_at) as r, counter.agency as a
         where a.agency_id = p_agency),
        false)
$$;

create or replace function counter.may_see_province(
    p_session text, p_province text, p_at timestamptz
)
returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(
        (select r.kind = 'headquarters' or r.kind = 'province' and r.province_code = p_province
         from counter.reader(p_session, p_at) as r),
        false)
$$;

-- How the session is called in histories: the agency itself, or a person.
create or replace function counter.name_of(p_session text, p_at timestamptz)
returns text language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(r.person_name, 'agency') from counter.reader(p_session, p_at) as r
$$;

create or replace function counter.tried(p_what text, p_at timestamptz, p_within interval)
returns bigint language sql stable set search_path = pg_catalog, pg_temp as $$
    select count(*) from counter.attempt
    where what = p_what and attempted_at > counter.clock(p_at) - p_within
$$;
