-- แผนที่ช่อง หนึ่งช่องหนึ่งจังหวัด
select
    s.fiscal_year,
    p.tile_row,
    coalesce(max(cell.html) filter (where p.tile_column = 1), '') as tile_1,
    coalesce(max(cell.html) filter (where p.tile_column = 2), '') as tile_2,
    coalesce(max(cell.html) filter (where p.tile_column = 3), '') as tile_3,
    coalesce(max(cell.html) filter (where p.tile_column = 4), '') as tile_4,
    coalesce(max(cell.html) filter (where p.tile_column = 5), '') as tile_5,
    coalesce(max(cell.html) filter (where p.tile_column = 6), '') as tile_6,
    coalesce(max(cell.html) filter (where p.tile_column = 7), '') as tile_7,
    coalesce(max(cell.html) filter (where p.tile_column = 8), '') as tile_8,
    coalesce(max(cell.html) filter (where p.tile_column = 9), '') as tile_9
from mart.province_summary as s
join mart.province as p using (province_code)
cross join lateral (
    select concat(
        '<div title="', p.province_th, '" style="text-align:center;line-height:1.15;font-size:11px;',
        'padding:2px 0;border-radius:3px;',
        case
            when s.mean_score >= 95 then 'background:{excellent};color:#fff'
            when s.mean_score >= 85 then 'background:{good};color:#fff'
            else 'background:{pale};color:{ink}'
        end,
        '"><small>', p.province_th, '</small><br>', s.mean_score, '</div>'
    ) as html
) as cell
group by s.fiscal_year, p.tile_row
