-- Merge late activity, hive.headcount.client_activity_late, into its days of client_count. Other days are not
-- changed. A union counts an id once, so running the statement again, or with activity that was counted before, changes
-- no count. The days are rewritten; daily.sql says what concurrent queries read.
-- Add the same rows to client_activity too, if exact counts or a later daily.sql need them. Then empty
-- client_activity_late.
-- Parameter: the precision, 12, equal to that of client_count.
SET SESSION hive.insert_existing_partitions_behavior = 'OVERWRITE';

INSERT INTO client_count
    (normalizedchannel, country, version, os, e10senabled, e10scohort, hll, activitydate)
WITH late AS (
    SELECT
        normalizedchannel, country, version, os, e10senabled, e10scohort, activitydate,
        cast(hll_agg(client_id, 12) AS VARBINARY) AS clients
    FROM client_activity_late
    GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
),
counted AS (
    SELECT
        normalizedchannel, country, version, os, e10senabled, e10scohort, activitydate,
        hll AS clients
    FROM client_count
    WHERE activitydate IN (SELECT activitydate FROM late)
)
SELECT
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    hll_merge(clients) AS hll,
    activitydate
FROM (SELECT * FROM counted UNION ALL SELECT * FROM late)
GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort;

RESET SESSION hive.insert_existing_partitions_behavior;
