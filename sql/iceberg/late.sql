-- Merge late activity, iceberg.headcount.client_activity_late, into its days of client_count. Other days are
-- not changed. A union counts an id once, so running the statement again, or with activity that was counted before,
-- changes no count. It commits one snapshot, as daily.sql does.
-- Add the same rows to client_activity too, if exact counts or a later daily.sql need them. Then empty
-- client_activity_late.
-- Parameter: the precision, 12, equal to that of client_count.
MERGE INTO client_count AS counted
USING (
    SELECT
        activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort,
        cast(hll_agg(client_id, 12) AS VARBINARY) AS clients
    FROM client_activity_late
    GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
) AS late
ON counted.activitydate = late.activitydate
    AND counted.normalizedchannel IS NOT DISTINCT FROM late.normalizedchannel
    AND counted.country IS NOT DISTINCT FROM late.country
    AND counted.version IS NOT DISTINCT FROM late.version
    AND counted.os IS NOT DISTINCT FROM late.os
    AND counted.e10senabled IS NOT DISTINCT FROM late.e10senabled
    AND counted.e10scohort IS NOT DISTINCT FROM late.e10scohort
WHEN MATCHED THEN
    UPDATE SET hll = cast(hll_unite(counted.hll, late.clients) AS VARBINARY)
WHEN NOT MATCHED THEN
    INSERT (normalizedchannel, country, version, os, e10senabled, e10scohort, hll, activitydate)
    VALUES (late.normalizedchannel, late.country, late.version, late.os, late.e10senabled, late.e10scohort,
        late.clients, late.activitydate);
