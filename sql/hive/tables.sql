-- The tables that the jobs of this folder fill, in hive.headcount, each a Parquet folder per day. Parameters: the
-- dimensions, which every statement here lists, and the schema's place if it is not the catalog's own.
CREATE SCHEMA IF NOT EXISTS headcount;

-- One row for each client, day and combination of dimensions in which it was seen. hive keeps the column that
-- divides the table last and out of the files.
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

-- Activity that came after its day was made, until late.sql has merged it.
CREATE TABLE IF NOT EXISTS headcount.client_activity_late (LIKE headcount.client_activity INCLUDING PROPERTIES);

-- One row for each day and combination of dimensions, with the sketch of the clients seen in it. hll is VARBINARY
-- because a table cannot hold the type HLL; client_count_view.sql gives it to people.
CREATE TABLE IF NOT EXISTS headcount.client_count_daily (
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
