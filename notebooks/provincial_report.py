"""A province's report as a notebook: `marimo edit notebooks/provincial_report.py`.

It asks the warehouse as the person of ITA_QUERY_DSN (docs/analyst-guide.md); the province is their
own, the year the newest, or what follows `--`: `-- --province 24 --year 2567`.
"""

import marimo

app = marimo.App(width="medium", app_title="รายงานจังหวัด ITA")


@app.cell
def _():
    import base64
    import os
    from pathlib import Path

    import altair as alt
    import fontpkg
    import marimo as mo
    import pandas as pd
    import psycopg

    font = "Sarabun, 'Noto Sans Thai', 'TH Sarabun New', Tahoma, sans-serif"
    own_colour, nation_colour, urgent_colour, develop_colour = (
        "#c96a12",
        "#7a828a",
        "#f0b6a8",
        "#fae6b8",
    )

    regular = base64.b64encode(Path(str(fontpkg.path("Sarabun"))).read_bytes()).decode()
    letters = mo.Html(  # Sarabun of its package (OFL), also where it is not installed
        "<style>@font-face {font-family: Sarabun;"
        f" src: url(data:font/ttf;base64,{regular})}}"
        f" .markdown, table, h1, h2 {{font-family: {font} !important}}</style>"
    )

    def ask(statement, **values):
        """The answer of the warehouse as a table; numbers are numbers."""
        with psycopg.connect(os.environ["ITA_QUERY_DSN"]) as warehouse:
            rows = warehouse.execute(statement, values)
            table = pd.DataFrame(
                rows.fetchall(), columns=[column.name for column in rows.description]
            )
        return table.convert_dtypes().apply(numeric)

    def numeric(column):
        decimal = column.map(lambda value: hasattr(value, "as_tuple")).any()
        return pd.to_numeric(column) if decimal else column

    def chart(table):
        return alt.Chart(table).properties(width=400).configure(font=font)

    mo.output.append(letters)
    return develop_colour, nation_colour, own_colour, urgent_colour, alt, ask, chart, mo


@app.cell
def _(ask, mo):
    asked = mo.cli_args()
    own = ask("select province_code from mart.peer_group where province_code is not null limit 1")
    province = str(asked.get("province") or own.province_code[0])
    year = int(
        asked.get("year") or ask("select max(fiscal_year) as y from mart.national_summary").y[0]
    )
    return province, year


@app.cell
def _(ask, mo, province, year):
    result = ask(
        """
        with ranked as (
            select *, rank() over (order by mean_score desc) as place, count(*) over () as provinces
            from mart.province_summary
            where fiscal_year = %(year)s
        )

        select p.province_th, r.agencies, r.mean_score, r.pass_share, r.place, r.provinces,
            n.mean_score as national_mean, n.pass_share as national_pass
        from ranked as r
        join mart.province as p using (province_code)
        join mart.national_summary as n using (fiscal_year)
        where r.province_code = %(province)s""",
        province=province,
        year=year,
    ).iloc[0]
    mo.md(
        f"# จังหวัด{result.province_th} ปีงบประมาณ {year}\n\n"
        f"หน่วยงาน {result.agencies} แห่ง ได้คะแนนเฉลี่ย **{result.mean_score:.2f}**"
        f" (ทั้งประเทศ {result.national_mean:.2f})"
        f" เป็นอันดับ **{result.place}** จาก {result.provinces} จังหวัด"
        f" ผ่านร้อยละ **{result.pass_share:.2f}** (ทั้งประเทศ {result.national_pass:.2f})"
    )
    return (result,)


@app.cell
def _(nation_colour, own_colour, alt, ask, chart, province):
    trend = ask(
        """
        select fiscal_year::text as "ปี", 'จังหวัดนี้' as "ของ", mean_score as "คะแนนเฉลี่ย"
        from mart.province_summary
        where province_code = %(province)s
        union all
        select fiscal_year::text, 'ประเทศ', mean_score from mart.national_summary
        order by 1, 2""",
        province=province,
    )
    chart(trend).mark_line(point=True).encode(
        x=alt.X("ปี:O", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("คะแนนเฉลี่ย:Q", scale=alt.Scale(zero=False)),
        color=alt.Color(
            "ของ:N", scale=alt.Scale(domain=["จังหวัดนี้", "ประเทศ"], range=[own_colour, nation_colour])
        ),
    )
    return (trend,)


@app.cell
def _(ask, mo, province, year):
    league = ask(
        """
        select r.province_rank as "อันดับ", a.name_th as "หน่วยงาน", a.overall_score as "คะแนน",
            r.rank_change as "อันดับที่ดีขึ้น", a.level_th as "ระดับ"
        from mart.assessment as a
        join mart.provincial_ranking as r using (agency_id, fiscal_year)
        where a.province_code = %(province)s and a.fiscal_year = %(year)s
        order by r.province_rank, a.agency_id""",
        province=province,
        year=year,
    )
    mo.vstack([mo.md("## อันดับในจังหวัด"), mo.ui.table(league, page_size=20, selection=None)])
    return (league,)


@app.cell
def _(develop_colour, urgent_colour, alt, ask, chart, mo, province, year):
    deficient = ask(
        """
        select d.item_code || ' ' || f.title_th as "ข้อ", d.agencies_assessed as "มีคะแนน",
            d.agencies_urgent as "แก้ไขโดยเร่งด่วน",
            d.agencies_deficient - d.agencies_urgent as "พัฒนา", n.deficient_share as "ร้อยละทั้งประเทศ"
        from mart.common_deficiency as d
        join mart.framework_item as f using (fiscal_year, item_code)
        join mart.common_deficiency as n using (fiscal_year, item_code)
        where d.scope = 'province' and d.province_code = %(province)s
            and d.fiscal_year = %(year)s and n.scope = 'national' and d.agencies_deficient > 0
        order by d.deficiency_rank, f.item_order
        limit 10""",
        province=province,
        year=year,
    )
    bars = deficient.melt("ข้อ", ["แก้ไขโดยเร่งด่วน", "พัฒนา"], "ความเร่งด่วน", "หน่วยงาน")
    severity = alt.Scale(domain=["แก้ไขโดยเร่งด่วน", "พัฒนา"], range=[urgent_colour, develop_colour])
    drawn = (
        chart(bars)
        .mark_bar()
        .encode(
            x=alt.X("sum(หน่วยงาน):Q", title="หน่วยงาน (แห่ง)"),
            y=alt.Y("ข้อ:N", sort=None, axis=alt.Axis(labelLimit=360)),
            color=alt.Color("ความเร่งด่วน:N", scale=severity),
        )
    )
    mo.vstack([mo.md("## สิบข้อที่หน่วยงานบกพร่องมากที่สุด"), drawn, mo.ui.table(deficient, selection=None)])
    return (deficient,)


@app.cell
def _(ask, mo, province, year):
    measures = ask(
        """
        with latest as (
            select distinct on (agency_id, fiscal_year, measure_no) *
            from mart.measure_progress
            order by agency_id, fiscal_year, measure_no, as_of desc nulls last
        )

        select case coalesce(l.status, 'not_reported') when 'done' then 'เสร็จแล้ว'
                when 'late' then 'เสร็จล่าช้า' when 'in_progress' then 'กำลังดำเนินการ'
                else 'ไม่ได้รายงาน' end as "สถานะ", count(*) as "มาตรการ"
        from mart.measure as m
        join mart.agency as a using (agency_id)
        left join latest as l using (agency_id, fiscal_year, measure_no)
        where a.province_code = %(province)s and m.fiscal_year = %(year)s
        group by 1 order by 1""",
        province=province,
        year=year,
    )
    mo.vstack([mo.md(f"## มาตรการของปี {year}"), mo.ui.table(measures, selection=None)])
    return (measures,)


if __name__ == "__main__":
    app.run()
