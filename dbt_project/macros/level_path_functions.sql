{#
The exact search behind level_path, as two functions in the build schema.

A repair lifts the overall score by `gain` and, for the levels that ask it, a part (IIT, OIT) or both parts of EIT by `first`, `second`.
All amounts are whole numbers (scores × 10⁹, costs × 10⁶), so that sums are exact; needs are already lowered by the half-way rounding.

cheapest_repairs: of all sets of items that meet every need, the one with the fewest items, then the lowest cost, then the first by
`place` (the item order i, e, o, number). Depth-first over the items in the order of gain, for one size of set after the other; a branch ends
when the largest gains that are left cannot meet a need, or when it must cost more than the best set found. Since no smaller set suffices,
little can be given away against the largest gains, and few branches live.

cheapest_sum: the same where all values count alike, so that the cheapest set is the one with the smallest sum that suffices: from the largest
values, items are swapped as far as the slack goes; bit strings hold which losses can be reached.

level_path_places: items of one instrument lift only its own parts, so each instrument is searched for itself; where that leaves the overall
score short, all items are searched together. Both give null where no set suffices.
#}
{% macro create_level_path_functions() %}
create or replace function {{ target.schema }}.cheapest_sum(value integer[], place integer[], need integer)
returns integer[] language plpgsql immutable parallel safe as $$
declare
    n integer := cardinality(value);
    size integer := 0;
    slack integer := -need;      -- what the largest values give beyond the need
    pivot integer;
    swap integer[];              -- items that the slack lets in or out, by place
    loss integer[];              -- what letting one in (instead of the pivot) or out costs of the slack
    entering integer[];          -- 1: not among the largest, would come in; -1: would go out
    t integer;
    width integer;               -- balances -width … width of what came in and went out
    line integer;
    reach varbit[];              -- line j, balance b: bit s is set if the swaps from the j-th on can lose s at balance b
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
            reach[(j - 1) * line + b] := reach[j * line + b] | (reach[j * line + b - entering[j]] >> loss[j]);
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
        elsif spent < loss[j] or get_bit(reach[j * line + width + 2 + balance - 1], spent - loss[j]) = 0 then
            continue;
        end if;
        chosen[swap[j]] := not chosen[swap[j]];
        spent := spent - loss[j];
        balance := balance - entering[j];
    end loop;
    return array(select place[i] from generate_series(1, n) as i where chosen[i] order by place[i]);
end
$$;

create or replace function {{ target.schema }}.cheapest_repairs(
    gain bigint[], cost bigint[], place integer[], instrument text[], first bigint[], second bigint[],
    need_gain bigint, need_iit bigint, need_public bigint, need_survey bigint, need_oit bigint
) returns integer[] language plpgsql immutable parallel safe as $$
declare
    n integer := cardinality(gain);
    sum_gain bigint[];           -- sums over the first items, from index 0
    sum_iit bigint[];
    sum_oit bigint[];
    max_first bigint[];          -- largest EIT amounts from an item on
    max_second bigint[];
    min_cost bigint[];           -- lowest cost from an item on
    min_ratio float8[];          -- lowest cost per gain from an item on
    chosen integer[];
    size integer;
    depth integer;
    j integer;
    rest integer;
    g bigint; c bigint; iit bigint; pub bigint; sur bigint; oit bigint;
    best bigint;
    best_places integer[];
    places integer[];
begin
    if need_gain <= 0 and need_iit <= 0 and need_public <= 0 and need_survey <= 0 and need_oit <= 0 then
        return '{}';
    end if;
    sum_gain[0] := 0; sum_iit[0] := 0; sum_oit[0] := 0;
    pub := 0; sur := 0;
    for i in 1..n loop
        sum_gain[i] := sum_gain[i - 1] + gain[i];
        sum_iit[i] := sum_iit[i - 1] + case when instrument[i] = 'IIT' then first[i] else 0 end;
        sum_oit[i] := sum_oit[i - 1] + case when instrument[i] = 'OIT' then first[i] else 0 end;
        if instrument[i] = 'EIT' then
            pub := pub + first[i];
            sur := sur + second[i];
        end if;
    end loop;
    if sum_gain[n] < need_gain or sum_iit[n] < need_iit or sum_oit[n] < need_oit or pub < need_public or sur < need_survey then
        return null;
    end if;
    max_first[n + 1] := 0; max_second[n + 1] := 0; min_cost[n + 1] := 1e12; min_ratio[n + 1] := 1e18;
    for i in reverse n..1 loop
        max_first[i] := greatest(max_first[i + 1], case when instrument[i] = 'EIT' then first[i] end);
        max_second[i] := greatest(max_second[i + 1], case when instrument[i] = 'EIT' then second[i] end);
        min_cost[i] := least(min_cost[i + 1], cost[i]);
        min_ratio[i] := least(min_ratio[i + 1], cost[i]::float8 / gain[i]);
    end loop;
    size := 1;
    while sum_gain[size] < need_gain loop
        size := size + 1;
    end loop;

    while size <= n loop
        best := null;
        depth := 1; j := 1;
        g := 0; c := 0; iit := 0; pub := 0; sur := 0; oit := 0;
        loop
            rest := size - depth;                                -- to be chosen after item j
            if j + rest > n
                or g + sum_gain[j + rest] - sum_gain[j - 1] < need_gain
                or c + (rest + 1) * min_cost[j] > best
                or c + (need_gain - g) * min_ratio[j] * 0.999999999 > best
                or iit + sum_iit[n] - sum_iit[j - 1] < need_iit
                or oit + sum_oit[n] - sum_oit[j - 1] < need_oit
                or pub + (rest + 1) * max_first[j] < need_public
                or sur + (rest + 1) * max_second[j] < need_survey
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
            if j > 1 and gain[j] = gain[j - 1] and cost[j] = cost[j - 1] and first[j] = first[j - 1] and second[j] = second[j - 1]
                and instrument[j] = instrument[j - 1] and (depth = 1 or chosen[depth - 1] <> j - 1)
            then
                j := j + 1;
                continue;
            end if;
            if rest > 0 then
                chosen[depth] := j;
                g := g + gain[j]; c := c + cost[j];
                case instrument[j]
                    when 'IIT' then iit := iit + first[j];
                    when 'OIT' then oit := oit + first[j];
                    else pub := pub + first[j]; sur := sur + second[j];
                end case;
                depth := depth + 1;
            elsif (best is null or c + cost[j] <= best)
                and iit + (case when instrument[j] = 'IIT' then first[j] else 0 end) >= need_iit
                and oit + (case when instrument[j] = 'OIT' then first[j] else 0 end) >= need_oit
                and pub + (case when instrument[j] = 'EIT' then first[j] else 0 end) >= need_public
                and sur + (case when instrument[j] = 'EIT' then second[j] else 0 end) >= need_survey
            then
                chosen[depth] := j;
                places := array(select place[i] from unnest(chosen[1:size]) as i order by place[i]);
                if best is null or c + cost[j] < best or places < best_places then
                    best := c + cost[j];
                    best_places := places;
                end if;
            end if;
            j := j + 1;
        end loop;
        if best is not null then
            return best_places;
        end if;
        size := size + 1;
    end loop;
    return null;
end
$$;

create or replace function {{ target.schema }}.level_path_places(
    place integer[], instrument text[], gain bigint[], cost bigint[], first bigint[], second bigint[],
    need_gain bigint, need_iit bigint, need_public bigint, need_survey bigint, need_oit bigint
) returns integer[] language plpgsql immutable parallel safe as $$
declare
    of_part integer[];
    together integer[] := '{}';
    reached bigint;
    part text;
    ratio float8;                -- part score (× 10⁹) for a hundredth of an IIT item; null where items weigh differently or have more decimals
begin
    if need_iit <= 0 and need_public <= 0 and need_survey <= 0 and need_oit <= 0 then
        return {{ target.schema }}.cheapest_repairs(gain, cost, place, instrument, first, second, need_gain, 0, 0, 0, 0);
    end if;
    select case when bool_and(cost[i] % 10000 = 0 and abs(first[i] - cost[i] / 10000 * largest.ratio) < 2) then max(largest.ratio) end
    into ratio
    from generate_subscripts(place, 1) as i, (
        select first[k] * 10000.0::float8 / cost[k] as ratio from generate_subscripts(place, 1) as k where instrument[k] = 'IIT' order by k limit 1
    ) as largest
    where instrument[i] = 'IIT';
    foreach part in array '{IIT,EIT,OIT}'::text[] loop
        continue when part = 'IIT' and need_iit <= 0 or part = 'OIT' and need_oit <= 0 or part = 'EIT' and need_public <= 0 and need_survey <= 0;
        if part = 'IIT' and ratio is not null then
            select {{ target.schema }}.cheapest_sum(array_agg(cost[i] / 10000 order by i)::integer[], array_agg(place[i] order by i), ceil(need_iit / ratio)::integer)
            into of_part
            from generate_subscripts(place, 1) as i
            where instrument[i] = 'IIT';
        else
            select {{ target.schema }}.cheapest_repairs(
                array_agg(first[i] + second[i] order by i), array_agg(cost[i] order by i), array_agg(place[i] order by i),
                array_agg(instrument[i] order by i), array_agg(first[i] order by i), array_agg(second[i] order by i),
                case part when 'IIT' then need_iit when 'OIT' then need_oit else greatest(need_public, 0) + greatest(need_survey, 0) end,
                0, case part when 'EIT' then need_public else 0 end, case part when 'EIT' then need_survey else 0 end, 0)
            into of_part
            from generate_subscripts(place, 1) as i
            where instrument[i] = part;
        end if;
        if of_part is null then
            return null;
        end if;
        together := together || of_part;
    end loop;
    select coalesce(sum(gain[i]), 0) into reached from generate_subscripts(place, 1) as i where place[i] = any (together);
    if reached >= need_gain then
        return array(select p from unnest(together) as p order by p);
    end if;
    return {{ target.schema }}.cheapest_repairs(gain, cost, place, instrument, first, second, need_gain, need_iit, need_public, need_survey, need_oit);
end
$$;
{% endmacro %}
