-- Make the sketches of each day from first_day to last_day in client_count_daily from client_activity. Existing rows of a
-- day are replaced. Run it again at any time, for days in any order, and after it was killed. A day without activity is
-- not changed. The result is that of sql/hive/daily.sql on Trino: the same rows, the same bytes.
-- Parameters: first_day and last_day, and the precision, 12, which must be equal in all sketches that are merged.
SET spark.sql.sources.partitionOverwriteMode = dynamic;

INSERT OVERWRITE TABLE client_count_daily PARTITION (activitydate)
WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-09-05', DATE '2016-11-03'))
SELECT
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    hll_agg(client_id, 12) AS hll,
    activitydate
FROM client_activity
JOIN parameters ON activitydate BETWEEN first_day AND last_day
GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort;

RESET spark.sql.sources.partitionOverwriteMode;
