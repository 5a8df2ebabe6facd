-- One process' database and its four roles. Idempotent. Run by psql as a superuser, once per process:
--   MIGRATOR_PASSWORD=… APP_PASSWORD=… RELAY_PASSWORD=… psql -v process=recruitment -f roles.sql
-- Passwords come from the environment: arguments are seen by every user of the machine.
--   owner     owns every table, cannot sign in
--   migrator  signs in and does SET ROLE owner, for migrations only
--   app       the service; owns nothing, is bound by row-level security, gets its rights per table by migrations
--   relay     outbox, archive, schedule, inbox listing: crosses tenants in those tables by policies of its own
\set ON_ERROR_STOP on
\if :{?migrator_password}
\else
  \getenv migrator_password MIGRATOR_PASSWORD
  \getenv app_password APP_PASSWORD
  \getenv relay_password RELAY_PASSWORD
\endif
select 'shegong_' || :'process' as database,
       'shegong_' || :'process' || '_owner' as owner,
       'shegong_' || :'process' || '_migrator' as migrator,
       'shegong_' || :'process' || '_app' as app,
       'shegong_' || :'process' || '_relay' as relay \gset

select format('create role %I', name)
  from unnest(array[:'owner', :'migrator', :'app', :'relay']) as name
 where not exists (select from pg_roles where rolname = name) \gexec

alter role :"owner" nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role :"migrator" login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'migrator_password';
alter role :"app" login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'app_password';
alter role :"relay" login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'relay_password';

-- A transaction left open holds back vacuum and the relay's horizon in the whole cluster.
alter role :"app" set idle_in_transaction_session_timeout = '30s';
alter role :"app" set transaction_timeout = '60s';
alter role :"relay" set idle_in_transaction_session_timeout = '30s';
alter role :"relay" set transaction_timeout = '60s';
-- A migration may take long; its template bounds its locks instead.
alter role :"migrator" set transaction_timeout = 0;

-- The migrator becomes the owner by saying so, and has none of its rights before.
grant :"owner" to :"migrator" with inherit false, set true;

select format(
         'create database %I owner %I template template0 encoding ''UTF8'' locale_provider builtin builtin_locale ''C.UTF-8'' locale ''C''',
         :'database', :'owner')
 where not exists (select from pg_database where datname = :'database') \gexec

revoke all on database :"database" from public;
grant connect on database :"database" to :"migrator", :"app", :"relay";

\connect :database
alter schema public owner to :"owner";
revoke all on schema public from public;
grant usage on schema public to :"app", :"relay";
-- Keys whose periods may not overlap put uuid and text beside a range in one index.
create extension if not exists btree_gist;
\connect postgres
