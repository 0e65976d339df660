-- Make the sketches of one day, or of every day from first_day to last_day, in hive.headcount.client_count_daily
-- from client_activity. A day that is there is replaced, so the statement can be run again at any time, for days in
-- any order, and after it was killed. A day on which nobody was active is left as it is: it has no rows to write
-- (DELETE FROM client_count_daily WHERE activitydate = ... empties it).
-- Who reads meanwhile sees the old rows until all the new ones are written, then, while folders are renamed, for a
-- moment none of that day's or an error that a file is gone. On Iceberg there is no such moment.
-- Parameters: first_day and last_day (at most 100 days, hive.max-partitions-per-writers), and the precision, 12,
-- which all sketches that are to be merged must share.
SET SESSION hive.insert_existing_partitions_behavior = 'OVERWRITE';

INSERT INTO client_count_daily
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
