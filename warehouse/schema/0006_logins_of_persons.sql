-- Grain: login that we made for a person of ITA_HOME/access/logins.csv: the person's own, or the
-- one by which the desk asks for them (publish/logins.py). What is not here was made by somebody
-- else and is left alone.
create table access.login (
    role_name name primary key,
    person    text not null,
    scope     text not null               -- a province's two digits, or headquarters
);

-- By what rule each view of mart was made (publish/views.csv); null: by a release before.
alter table access.shown add column rules jsonb;
