{#
The exact search behind level_path, as functions in the build schema: of all sets of items that
meet every need, the one with the fewest items, then the lowest cost, then the first by `place`
(the item order i, e, o, number); null where no set suffices. is_shortest is false where a search
was stopped: the set suffices, but may not be the fewest or cheapest items; null where there is no
set.

A repair lifts the overall score by `gain` and, for the levels that ask it, a part (IIT, OIT) or
both parts of EIT by `first`, `second`. All amounts are whole numbers (scores × 10⁹, costs × 10⁶),
so that sums are exact; needs are already lowered by the half-way rounding.

Long, since it is one search: none of the functions is read without the others.

level_path_places            The entry. Items of one instrument lift only its own parts, so each
                             instrument is searched for itself; where that leaves the overall score
                             short, all items are searched together.
cheapest_repairs             One group of items, for one size of set after the other; of the items
                             only those that can still be in a set of that size.
largest_repairs              The largest gains until all needs are met: what cheapest_repairs gives
                             if it must stop; null where no set suffices.
cheapest_repairs_together    All items, for one division of the size among the instruments after
                             the other.
search_repairs               Depth-first over each group in the order of gain, `counts` items from
                             each. A branch ends when the largest gains that are left cannot meet a
                             need, or when it must cost more than the best set found. Since no
                             smaller set suffices, little can be given away against the largest
                             gains, and few branches live. It stops after search_budget branches
                             with the best set so far. No agency of a synthetic country comes near
                             (a few thousand at most); random scores in all of 88 items with random
                             needs took 2 million.
cheapest_sum                 The same for items that count alike (IIT): the smallest sum that
                             suffices. From the largest values, items are swapped as far as the
                             slack goes; bit strings hold which losses can be reached. #}
{% macro create_level_path_functions() %}
{% set search_budget = 5000000 %}
create or replace function {{ target.schema }}.cheapest_sum(value integer[], place integer[],
    need integer)
returns integer[] language plpgsql immutable parallel safe as $$
declare
    n integer := cardinality(value);
    size integer := 0;
    slack integer := -need;      -- what the largest values give beyond the need
    pivot integer;
    swap integer[];              -- items that the slack lets in or out, by place
    -- what letting one in (instead of the pivot) or out costs of the slack
    loss integer[];
    entering integer[];          -- 1: not among the largest, would come in; -1: would go out
    t integer;
    width integer;               -- balances -width … width of what came in and went out
    line integer;
    -- line j, balance b: bit s is set if the swaps from the j-th on can lose s at balance b
    reach varbit[];
    zero varbit;
    spent integer;
    balance integer := 0;
    chosen boolean[];
    j integer;
begin
    while slack < 0 loop
        size := size + 1;
        if size > n then
            return null;
        end if;
        slack := slack + value[size];
    end loop;
    pivot := value[size];
    select array_agg(i order by place[i]), array_agg(abs(value[i] - pivot) order by place[i]),
        array_agg(case when i > size then 1 else -1 end order by place[i]), count(*),
        least(count(*) filter (where i > size), count(*) filter (where i <= size))
    into swap, loss, entering, t, width
    from generate_series(1, n) as i
    where abs(value[i] - pivot) <= slack;
    line := 2 * width + 3;       -- a margin on both sides, where nothing is reached
    zero := repeat('0', slack + 1)::varbit;
    reach := array_fill(zero, array[(t + 1) * line]);
    reach[t * line + width + 2] := set_bit(zero, 0, 1);
    for j in reverse t..1 loop
        for b in greatest(2, width + 2 - (t - j + 1))..least(line - 1, width + 2 + t - j + 1) loop
            reach[(j - 1) * line + b] :=
                reach[j * line + b] | (reach[j * line + b - entering[j]] >> loss[j]);
        end loop;
    end loop;
    spent := length(rtrim(reach[width + 2]::text, '0')) - 1;
    for i in 1..n loop
        chosen[i] := i <= size;
    end loop;
    for j in 1..t loop
        -- In, if the rest can still end balanced at the same sum; so earlier places come first.
        if entering[j] = -1 then
            if get_bit(reach[j * line + width + 2 + balance], spent) = 1 then
                continue;
            end if;
        elsif spent < loss[j]
            or get_bit(reach[j * line + width + 2 + balance - 1], spent - loss[j]) = 0 then
            continue;
        end if;
        chosen[swap[j]] := not chosen[swap[j]];
        spent := spent - loss[j];
        balance := balance - entering[j];
    end loop;
    return array(select place[i] from generate_series(1, n) as i where chosen[i] order by place[i]);
end
$$;

create or replace function {{ target.schema }}.search_repairs(
    gain bigint[], cost bigint[], place integer[], instrument text[], first bigint[],
    second bigint[],
    need_gain bigint, need_iit bigint, need_public bigint, need_survey bigint, need_oit bigint,
    group_ends integer[], counts integer[], inout best bigint, inout best_places integer[],
    inout budget integer
) language plpgsql immutable parallel safe as $$
declare
    n integer := cardinality(gain);
    sum_gain bigint[];           -- sums over the first items, from index 0
    sum_iit bigint[];
    sum_oit bigint[];
    max_first bigint[];          -- largest EIT amounts from an item to the end of its group
    max_second bigint[];
    min_cost bigint[];           -- lowest cost from an item to the end of its group
    min_ratio float8[];          -- lowest cost per gain from an item on
    iit_ratio float8 := 0;       -- lowest cost per amount of the part; 0 where no part is needed
    oit_ratio float8 := 0;
    eit_ratio float8 := 0;
    is_end boolean;
    size integer := 0;
    -- by depth: where the group begins and ends, how many more it gives, what the later groups can
    -- add
    group_start integer[];
    group_end integer[];
    more integer[];
    later_gain bigint[];
    later_cost bigint[];
    chosen integer[];
    depth integer := 1;
    start integer := 1;
    j integer;
    rest integer;
    added bigint;
    added_cost bigint;
    g bigint := 0; c bigint := 0;
    iit bigint := 0; pub bigint := 0; sur bigint := 0; oit bigint := 0;
    places integer[];
begin
    sum_gain[0] := 0; sum_iit[0] := 0; sum_oit[0] := 0;
    for i in 1..n loop
        sum_gain[i] := sum_gain[i - 1] + gain[i];
        sum_iit[i] := sum_iit[i - 1] + case when instrument[i] = 'IIT' then first[i] else 0 end;
        sum_oit[i] := sum_oit[i - 1] + case when instrument[i] = 'OIT' then first[i] else 0 end;
    end loop;
    min_ratio[n + 1] := 1e18;
    for i in reverse n..1 loop
        is_end := i = any (group_ends);
        max_first[i] := greatest(
            case when is_end then 0 else max_first[i + 1] end,
            case when instrument[i] = 'EIT' then first[i] end);
        max_second[i] := greatest(
            case when is_end then 0 else max_second[i + 1] end,
            case when instrument[i] = 'EIT' then second[i] end);
        min_cost[i] := least(cost[i], case when not is_end then min_cost[i + 1] end);
        min_ratio[i] := least(min_ratio[i + 1], cost[i]::float8 / gain[i]);
    end loop;
    if need_iit > 0 or need_public > 0 or need_survey > 0 or need_oit > 0 then
        select
            coalesce(min(cost[i]::float8 / first[i]) filter (where instrument[i] = 'IIT'), 0)
                * 0.999999999,
            coalesce(min(cost[i]::float8 / first[i]) filter (where instrument[i] = 'OIT'), 0)
                * 0.999999999,
            coalesce(min(cost[i]::float8 / nullif(first[i] + second[i], 0))
                filter (where instrument[i] = 'EIT'), 0) * 0.999999999
        into iit_ratio, oit_ratio, eit_ratio
        from generate_series(1, n) as i;
    end if;
    for k in 1..cardinality(counts) loop
        added := 0;
        added_cost := 0;
        for later in k + 1..cardinality(counts) loop
            added := added
                + sum_gain[group_ends[later - 1] + counts[later]]
                - sum_gain[group_ends[later - 1]];
            if counts[later] > 0 then
                added_cost := added_cost + counts[later] * min_cost[group_ends[later - 1] + 1];
            end if;
        end loop;
        for i in 1..counts[k] loop
            size := size + 1;
            group_start[size] := start;
            group_end[size] := group_ends[k];
            more[size] := counts[k] - i;
            later_gain[size] := added;
            later_cost[size] := added_cost;
        end loop;
        start := group_ends[k] + 1;
    end loop;

    j := group_start[1];
    loop
        budget := budget - 1;
        exit when budget < 0;
        rest := more[depth];
        if j + rest > group_end[depth]
            or g + sum_gain[j + rest] - sum_gain[j - 1] + later_gain[depth] < need_gain
            or c + (rest + 1) * min_cost[j] + later_cost[depth] > best
            or c + (need_gain - g) * min_ratio[j] * 0.999999999 > best
            or c + greatest(need_iit - iit, 0) * iit_ratio + greatest(need_oit - oit, 0) * oit_ratio
                + greatest(need_public - pub, 0) * eit_ratio
                + greatest(need_survey - sur, 0) * eit_ratio > best
            or iit + sum_iit[j + rest] - sum_iit[j - 1]
                + sum_iit[n] - sum_iit[group_end[depth]] < need_iit
            or oit + sum_oit[j + rest] - sum_oit[j - 1]
                + sum_oit[n] - sum_oit[group_end[depth]] < need_oit
            or (instrument[j] <> 'IIT' and (
                pub + (rest + 1) * max_first[j] < need_public
                or sur + (rest + 1) * max_second[j] < need_survey))
        then
            depth := depth - 1;
            exit when depth = 0;
            j := chosen[depth];
            g := g - gain[j]; c := c - cost[j];
            case instrument[j]
                when 'IIT' then iit := iit - first[j];
                when 'OIT' then oit := oit - first[j];
                else pub := pub - first[j]; sur := sur - second[j];
            end case;
            j := j + 1;
            continue;
        end if;
        -- Of equal items only the first by place: take this one only with the one before.
        if j > group_start[depth] and gain[j] = gain[j - 1] and cost[j] = cost[j - 1]
            and first[j] = first[j - 1] and second[j] = second[j - 1]
            and instrument[j] = instrument[j - 1] and (depth = 1 or chosen[depth - 1] <> j - 1)
        then
            j := j + 1;
            continue;
        end if;
        chosen[depth] := j;
        g := g + gain[j]; c := c + cost[j];
        case instrument[j]
            when 'IIT' then iit := iit + first[j];
            when 'OIT' then oit := oit + first[j];
            else pub := pub + first[j]; sur := sur + second[j];
        end case;
        if depth < size then
            depth := depth + 1;
            j := greatest(j + 1, group_start[depth]);
            continue;
        end if;
        if (best is null or c <= best)
            and g >= need_gain and iit >= need_iit and oit >= need_oit
            and pub >= need_public and sur >= need_survey
        then
            places := array(select place[i] from unnest(chosen[1:size]) as i order by place[i]);
            if best is null or c < best or places < best_places then
                best := c;
                best_places := places;
            end if;
        end if;
        g := g - gain[j]; c := c - cost[j];
        case instrument[j]
            when 'IIT' then iit := iit - first[j];
            when 'OIT' then oit := oit - first[j];
            else pub := pub - first[j]; sur := sur - second[j];
        end case;
        j := j + 1;
    end loop;
end
$$;

create or replace function {{ target.schema }}.largest_repairs(
    gain bigint[], place integer[], instrument text[], first bigint[], second bigint[],
    need_gain bigint, need_public bigint, need_survey bigint
) returns integer[] language plpgsql immutable parallel safe as $$
begin
    for i in 1..coalesce(cardinality(gain), 0) loop
        need_gain := need_gain - gain[i];
        if instrument[i] = 'EIT' then
            need_public := need_public - first[i];
            need_survey := need_survey - second[i];
        end if;
        if need_gain <= 0 and need_public <= 0 and need_survey <= 0 then
            return array(select p from unnest(place[:i]) as p order by p);
        end if;
    end loop;
    return null;
end
$$;

create or replace function {{ target.schema }}.cheapest_repairs(
    gain bigint[], cost bigint[], place integer[], instrument text[], first bigint[],
    second bigint[],
    need_gain bigint, need_public bigint, need_survey bigint,
    out places integer[], out is_shortest boolean
) language plpgsql immutable parallel safe as $$
declare
    n integer := coalesce(cardinality(gain), 0);
    size integer := 0;
    reached bigint := 0;
    -- the first items, which are large enough to be in a set of this size
    able integer;
    found record;
    budget integer := {{ search_budget }};
begin
    is_shortest := true;
    if need_gain <= 0 and need_public <= 0 and need_survey <= 0 then
        places := '{}';
        return;
    end if;
    places := {{ target.schema }}.largest_repairs(gain, place, instrument, first, second,
        need_gain, need_public, need_survey);
    if places is null then
        is_shortest := null;
        return;
    end if;
    while reached < need_gain or size = 0 loop
        size := size + 1;
        reached := reached + gain[size];
    end loop;
    loop
        able := size;
        while able < n and reached - gain[size] + gain[able + 1] >= need_gain loop
            able := able + 1;
        end loop;
        found := {{ target.schema }}.search_repairs(gain[:able], cost[:able], place[:able],
            instrument[:able], first[:able], second[:able],
            need_gain, 0, need_public, need_survey, 0, array[able], array[size], null, null,
                budget);
        budget := found.budget;
        is_shortest := budget >= 0;
        if found.best is not null then
            places := found.best_places;
        end if;
        exit when found.best is not null or budget < 0;
        size := size + 1;
        reached := reached + gain[size];
    end loop;
end
$$;

create or replace function {{ target.schema }}.cheapest_repairs_together(
    gain bigint[], cost bigint[], place integer[], instrument text[], first bigint[],
    second bigint[],
    need_gain bigint, need_iit bigint, need_public bigint, need_survey bigint, need_oit bigint,
    fewest integer[], enough integer[],
    out places integer[], out is_shortest boolean
) language plpgsql immutable parallel safe as $$
declare
    n integer := cardinality(gain);
    ends integer[];
    most bigint;
    oits integer;
    best bigint;
    best_places integer[];
    found record;
    budget integer := {{ search_budget }};
begin
    -- One group an instrument, each still in the order of gain.
    select array_agg(gain[i] order by o, i), array_agg(cost[i] order by o, i),
        array_agg(place[i] order by o, i), array_agg(instrument[i] order by o, i),
        array_agg(first[i] order by o, i), array_agg(second[i] order by o, i),
        array[count(*) filter (where o = 1), count(*) filter (where o < 3), count(*)]
    into gain, cost, place, instrument, first, second, ends
    from (
        select i, array_position('{IIT,EIT,OIT}', instrument[i]) as o
        from generate_series(1, n) as i
    ) as ordered;
    if (select sum(x) from unnest(gain) as x) < need_gain then
        return;
    end if;
    for size in fewest[1] + fewest[2] + fewest[3]..n loop
        for iits in fewest[1]..least(size, ends[1]) loop
            for eits in fewest[2]..least(size - iits, ends[2] - ends[1]) loop
                oits := size - iits - eits;
                continue when oits < fewest[3] or oits > ends[3] - ends[2] or size = 0;
                select sum(gain[i]) into most from generate_series(1, n) as i
                where i <= iits
                    or (i > ends[1] and i <= ends[1] + eits)
                    or (i > ends[2] and i <= ends[2] + oits);
                continue when most < need_gain;
                found := {{ target.schema }}.search_repairs(
                    gain, cost, place, instrument, first, second,
                    need_gain, need_iit, need_public, need_survey, need_oit,
                    ends, array[iits, eits, oits], best, best_places, budget);
                budget := found.budget;
                best := found.best;
                best_places := found.best_places;
            end loop;
        end loop;
        is_shortest := budget >= 0;
        if best is not null then
            places := best_places;
            return;
        elsif budget < 0 then
            places := array(select p from unnest(enough) as p order by p);
            return;
        end if;
    end loop;
end
$$;

create or replace function {{ target.schema }}.level_path_places(
    place integer[], instrument text[], gain bigint[], cost bigint[], first bigint[],
    second bigint[],
    need_gain bigint, need_iit bigint, need_public bigint, need_survey bigint, need_oit bigint,
    out places integer[], out is_shortest boolean
) language plpgsql immutable parallel safe as $$
declare
    of_part record;
    parts_are_shortest boolean := true;
    together integer[] := '{}';
    fewest integer[] := '{0,0,0}';          -- items that IIT, EIT and OIT need for themselves
    enough integer[];
    reached bigint;
    part text;
    -- part score (× 10⁹) for a hundredth of an IIT item; null where items weigh differently or
    -- have more decimals
    ratio float8;
begin
    if need_iit <= 0 and need_public <= 0 and need_survey <= 0 and need_oit <= 0 then
        select found.places, found.is_shortest into places, is_shortest
        from {{ target.schema }}.cheapest_repairs(gain, cost, place, instrument, first, second,
            need_gain, 0, 0) as found;
        return;
    end if;
    if need_iit > 0 then
        select
            case when bool_and(
                cost[i] % 10000 = 0 and abs(first[i] - cost[i] / 10000 * largest.ratio) < 5
            ) then max(largest.ratio) end
        into ratio
        from generate_subscripts(place, 1) as i, (
            select first[k] * 10000.0::float8 / cost[k] as ratio
            from generate_subscripts(place, 1) as k
            where instrument[k] = 'IIT' order by k limit 1
        ) as largest
        where instrument[i] = 'IIT';
    end if;
    foreach part in array '{IIT,EIT,OIT}'::text[] loop
        continue when part = 'IIT' and need_iit <= 0 or part = 'OIT' and need_oit <= 0
            or part = 'EIT' and need_public <= 0 and need_survey <= 0;
        if part = 'IIT' and ratio is not null then
            select found.places, true as is_shortest into of_part
            from (
                select array_agg(cost[i] / 10000 order by i)::integer[] as value,
                    array_agg(place[i] order by i) as place
                from generate_subscripts(place, 1) as i
                where instrument[i] = 'IIT'
            ) as mine, {{ target.schema }}.cheapest_sum(mine.value, mine.place,
                ceil(need_iit / ratio)::integer) as found (places);
        else
            select found.places, found.is_shortest into of_part
            from (
                select
                    array_agg(first[i] + second[i] order by i) as gain,
                    array_agg(cost[i] order by i) as cost,
                    array_agg(place[i] order by i) as place,
                    array_agg(instrument[i] order by i) as instrument,
                    array_agg(first[i] order by i) as first,
                    array_agg(second[i] order by i) as second
                from generate_subscripts(place, 1) as i
                where instrument[i] = part
            ) as mine, {{ target.schema }}.cheapest_repairs(
                mine.gain, mine.cost, mine.place, mine.instrument, mine.first, mine.second,
                case part when 'IIT' then need_iit when 'OIT' then need_oit
                    else greatest(need_public, 0) + greatest(need_survey, 0) end,
                case part when 'EIT' then need_public else 0 end,
                case part when 'EIT' then need_survey else 0 end) as found;
        end if;
        if of_part.places is null then
            return;
        end if;
        together := together || of_part.places;
        parts_are_shortest := parts_are_shortest and of_part.is_shortest;
        fewest[array_position('{IIT,EIT,OIT}', part)] := cardinality(of_part.places);
    end loop;
    select coalesce(sum(gain[i]), 0) into reached from generate_subscripts(place, 1) as i
        where place[i] = any (together);
    if reached >= need_gain then
        places := array(select p from unnest(together) as p order by p);
        is_shortest := parts_are_shortest;
        return;
    end if;
    -- A set that suffices, if the search must stop: the largest gains on top of what the parts
    -- need.
    enough := together;
    for i in 1..cardinality(place) loop
        exit when reached >= need_gain;
        if place[i] <> all (together) then
            enough := enough || place[i];
            reached := reached + gain[i];
        end if;
    end loop;
    select found.places, found.is_shortest and parts_are_shortest into places, is_shortest
    from {{ target.schema }}.cheapest_repairs_together(
        gain, cost, place, instrument, first, second,
        need_gain, need_iit, need_public, need_survey, need_oit, fewest, enough) as found;
end
$$;
{% endmacro %}
