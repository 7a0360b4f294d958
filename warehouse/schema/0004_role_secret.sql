-- Grain: role whose password we set. Its verifier (no password can be got from it), so that a
-- password that a login gave itself is found and undone (publish/watch.py).
create table if not exists access.role_secret (
    role_name name primary key,
    verifier  text not null
);
