-- Make the sketches of each day from first_day to last_day in client_count_daily from client_activity, in an Iceberg catalog.
-- Existing rows of these days are replaced; a day without activity ends without rows. Run it again at any time, for days in any
-- order, and after it was killed. The statement commits one snapshot: a query that starts before the commit reads the old
-- rows to its end. The result is that of sql/iceberg/daily.sql on Trino: the same rows, the same bytes.
-- Needs spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions.
-- Parameters: first_day and last_day, and the precision, 12, which must be equal in all sketches that are merged.
MERGE INTO client_count_daily AS counted
USING (
    WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-09-05', DATE '2016-11-03'))
    -- One row for each day. It matches all existing rows of the day, which are deleted.
    SELECT
        true AS deletes,
        explode(sequence(first_day, last_day)) AS activitydate,
        CAST(NULL AS STRING) AS normalizedchannel,
        CAST(NULL AS STRING) AS country,
        CAST(NULL AS STRING) AS version,
        CAST(NULL AS STRING) AS os,
        CAST(NULL AS BOOLEAN) AS e10senabled,
        CAST(NULL AS STRING) AS e10scohort,
        CAST(NULL AS BINARY) AS hll
    FROM parameters
    UNION ALL
    -- The new rows. They match no row and are inserted.
    SELECT
        false AS deletes,
        activitydate,
        normalizedchannel,
        country,
        version,
        os,
        e10senabled,
        e10scohort,
        hll_agg(client_id, 12) AS hll
    FROM client_activity
    JOIN parameters ON activitydate BETWEEN first_day AND last_day
    GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
) AS made
ON counted.activitydate = made.activitydate AND made.deletes
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT made.deletes THEN
    INSERT (normalizedchannel, country, version, os, e10senabled, e10scohort, hll, activitydate)
    VALUES (made.normalizedchannel, made.country, made.version, made.os, made.e10senabled, made.e10scohort,
        made.hll, made.activitydate);
