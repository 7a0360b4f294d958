-- Progress that comes back in our workbook names its measure by the key that was printed beside it;
-- a proposal that the officer marked becomes a measure of the agency, and is known as adopted.
alter table raw.progress add column measure_key text;
alter table raw.measure add column adopted boolean not null default false;
-- the key of the row in the workbook that brought it: the words may have been changed there
alter table raw.measure add column printed_key text;
