-- The tables of the jobs in this folder, in hive.headcount, with one folder of Parquet files per day. Parameters: the
-- dimensions, which every statement in this folder lists, and the location of the schema if it is not the default.
CREATE SCHEMA IF NOT EXISTS headcount;

-- One row for each client, day and combination of dimensions. Hive stores the
-- partition column last and not in the files.
CREATE TABLE IF NOT EXISTS headcount.client_activity (
    client_id VARCHAR,
    normalizedchannel VARCHAR,
    country VARCHAR,
    version VARCHAR,
    os VARCHAR,
    e10senabled BOOLEAN,
    e10scohort VARCHAR,
    activitydate DATE
)
WITH (format = 'PARQUET', partitioned_by = ARRAY['activitydate']);

-- Activity that arrived after the sketches of its day were made. late.sql merges it.
CREATE TABLE IF NOT EXISTS headcount.client_activity_late (LIKE headcount.client_activity INCLUDING PROPERTIES);

-- One row for each day and combination of dimensions, with the sketch of its clients. hll is VARBINARY because a table
-- cannot store the type HLL; the functions take the bytes, and to_hll(hll) has the type.
CREATE TABLE IF NOT EXISTS headcount.client_count (
    normalizedchannel VARCHAR,
    country VARCHAR,
    version VARCHAR,
    os VARCHAR,
    e10senabled BOOLEAN,
    e10scohort VARCHAR,
    hll VARBINARY,
    activitydate DATE
)
WITH (format = 'PARQUET', partitioned_by = ARRAY['activitydate']);
