{# Why a finding needs a measure, in a Thai sentence; `f` is a row of int_finding. #}
{% macro because_of_finding(f) -%}
    case {{ f }}.basis
        when 'item' then
            'ข้อ ' || {{ f }}.item_code || ' ได้ ' || {{ show_score(f ~ '.score') }} || ' คะแนน'
            || case when {{ f }}.flagged then ' และผู้ประเมินให้แก้ไข' else '' end
        when 'relative' then
            {{ named_finding(f) }} || ' ได้ ' || {{ show_score(f ~ '.score') }} || ' คะแนน'
            || case when {{ f }}.peer_mean is null and {{ f }}.last_score is null
                then ' ซึ่งต่ำกว่าคะแนนอื่นของหน่วยงาน' else '' end
            || case when {{ f }}.peer_mean is not null then
                ' ต่ำกว่าค่าเฉลี่ยของหน่วยงานประเภทเดียวกัน ('
                || {{ show_score(f ~ '.peer_mean') }} || ')' else '' end
            || case when {{ f }}.last_score is not null then
                ' ลดลงจากปีก่อน (' || {{ show_score(f ~ '.last_score') }} || ')' else '' end
        when 'overall' then
            'คะแนนภาพรวมได้ ' || {{ show_score(f ~ '.score') }}
            || ' คะแนน โดยไม่มีคะแนนรายข้อที่จะชี้ข้อที่เสียคะแนน'
        else
            {{ named_finding(f) }} || ' ได้ ' || {{ show_score(f ~ '.score') }} || ' คะแนน'
            || case
                when {{ f }}.least_zero_items is not null then
                    ' แสดงว่ามีข้อที่ได้ 0 คะแนนอย่างน้อย ' || {{ f }}.least_zero_items || ' ข้อ'
                when {{ f }}.severity = 'urgent' then ' อยู่ในเกณฑ์ที่ต้องแก้ไขโดยเร่งด่วน'
                else ' อยู่ในเกณฑ์ที่ต้องพัฒนา' end
    end
{%- endmacro %}

{% macro named_finding(f) -%}
    coalesce(
        'ข้อ ' || {{ f }}.item_code,
        'ตัวชี้วัดที่ ' || {{ f }}.indicator_no,
        'คะแนน ' || {{ f }}.instrument
    )
{%- endmacro %}
