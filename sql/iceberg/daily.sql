-- Make the sketches of one day, or of every day from first_day to last_day, in iceberg.headcount.client_count_daily
-- from client_activity. A day that is there is replaced, and a day on which nobody was active is emptied, so the
-- statement can be run again at any time, for days in any order, and after it was killed.
-- It is one snapshot: who reads meanwhile sees the table as it was before, a reader that began before keeps that to
-- its end, and none sees a part. Two jobs at once on the same days: the later to end fails, and is run again.
-- Parameters: first_day and last_day, and the precision, 12, which all sketches that are to be merged must share.
MERGE INTO client_count_daily AS counted
USING (
    WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-09-05', DATE '2016-11-03'))
    -- A row for each day, which finds all rows that the day has: they go.
    SELECT
        true AS goes,
        day AS activitydate,
        NULL AS normalizedchannel,
        NULL AS country,
        NULL AS version,
        NULL AS os,
        NULL AS e10senabled,
        NULL AS e10scohort,
        NULL AS hll
    FROM parameters
    CROSS JOIN UNNEST(sequence(first_day, last_day)) AS days (day)
    UNION ALL
    -- The new rows, which find none: they come.
    SELECT
        false,
        activitydate,
        normalizedchannel,
        country,
        version,
        os,
        e10senabled,
        e10scohort,
        cast(hll_agg(client_id, 12) AS VARBINARY)
    FROM client_activity
    JOIN parameters ON activitydate BETWEEN first_day AND last_day
    GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
) AS made
ON counted.activitydate = made.activitydate AND made.goes
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT made.goes THEN
    INSERT (normalizedchannel, country, version, os, e10senabled, e10scohort, hll, activitydate)
    VALUES (made.normalizedchannel, made.country, made.version, made.os, made.e10senabled, made.e10scohort,
        made.hll, made.activitydate);
