-- hive.default.client_activity: one row for each client, day and version that the client ran on that day.
-- Parameter: external_location, the directory that holds the Parquet files.
CREATE TABLE IF NOT EXISTS client_activity (
    client_id VARCHAR,
    activitydate DATE,
    normalizedchannel VARCHAR,
    country VARCHAR,
    version VARCHAR,
    os VARCHAR,
    e10senabled BOOLEAN,
    e10scohort VARCHAR
)
WITH (
    format = 'PARQUET',
    external_location = 'local:///fixture/client_activity'
);
