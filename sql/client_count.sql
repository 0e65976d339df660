-- hive.default.client_count: one row for each combination of the first seven columns that occurs, with the
-- sketch of the clients seen in it. hll is VARBINARY because a table cannot hold the type HLL; queries cast it.
-- Parameter: external_location, the directory that holds the Parquet files.
CREATE TABLE IF NOT EXISTS client_count (
    activitydate DATE,
    normalizedchannel VARCHAR,
    country VARCHAR,
    version VARCHAR,
    os VARCHAR,
    e10senabled BOOLEAN,
    e10scohort VARCHAR,
    hll VARBINARY
)
WITH (
    format = 'PARQUET',
    external_location = 'local:///fixture/client_count'
);
