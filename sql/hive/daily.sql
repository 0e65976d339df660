-- Make the sketches of each day from first_day to last_day in hive.headcount.client_count from client_activity.
-- Existing rows of a day are replaced. Run it again at any time, for days in any order, and after it was killed. A day
-- without activity is not changed, because there are no rows to write
-- (DELETE FROM client_count WHERE activitydate = ... empties it).
-- A concurrent query reads the old rows until all new rows are written. While folders are renamed, it may read 0 rows
-- of a day or fail because a file is missing. Iceberg has no such moment.
-- Parameters: first_day and last_day (at most 100 days, hive.max-partitions-per-writers), and the precision, 12, which
-- must be equal in all sketches that are merged.
SET SESSION hive.insert_existing_partitions_behavior = 'OVERWRITE';

INSERT INTO client_count
    (normalizedchannel, country, version, os, e10senabled, e10scohort, hll, activitydate)
WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-09-05', DATE '2016-11-03'))
SELECT
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    cast(hll_agg(client_id, 12) AS VARBINARY) AS hll,
    activitydate
FROM client_activity
JOIN parameters ON activitydate BETWEEN first_day AND last_day
GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort;

RESET SESSION hive.insert_existing_partitions_behavior;
