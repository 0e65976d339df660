-- The tables of daily.sql in the current schema of an Iceberg catalog. Parameters: the dimensions, which daily.sql lists too.

-- One row for each client, day and combination of dimensions.
CREATE TABLE IF NOT EXISTS client_activity (
    client_id STRING,
    normalizedchannel STRING,
    country STRING,
    version STRING,
    os STRING,
    e10senabled BOOLEAN,
    e10scohort STRING,
    activitydate DATE
)
USING ICEBERG
PARTITIONED BY (activitydate);

-- One row for each day and combination of dimensions, with the sketch of its clients. hll is BINARY in Spark, VARBINARY in
-- Trino.
CREATE TABLE IF NOT EXISTS client_count_daily (
    normalizedchannel STRING,
    country STRING,
    version STRING,
    os STRING,
    e10senabled BOOLEAN,
    e10scohort STRING,
    hll BINARY,
    activitydate DATE
)
USING ICEBERG
PARTITIONED BY (activitydate);
