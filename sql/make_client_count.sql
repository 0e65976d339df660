-- Make a client_count from hive.default.client_activity: hive.default.client_count_from_activity, replaced
-- if it exists. 12 is the sketches' precision; all sketches that are to be merged must share it.
DROP TABLE IF EXISTS client_count_from_activity;

CREATE TABLE client_count_from_activity
WITH (format = 'PARQUET')
AS SELECT
    activitydate,
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    cast(merge(hll_create(client_id, 12)) AS VARBINARY) AS hll
FROM client_activity
GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort;
