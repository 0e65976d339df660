-- The longitudinal table of client_activity_view: what `headcount longitudinal` makes of the same view. Hive and Iceberg.
-- One array_agg of rows in the order of time, then a list for each column. A list that would contain only NULL is NULL. The newest 1,000 pings of
-- a client are kept. client_activity has no document id, so there are no duplicates to remove.
CREATE TABLE longitudinal AS
WITH histories AS (
    SELECT
        client_id,
        slice(pings, greatest(cardinality(pings) - 999, 1), 1000) AS pings
    FROM (
        SELECT
            client_id,
            array_agg(
                CAST(ROW(activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort)
                    AS ROW(activitydate date, normalizedchannel varchar, country varchar, version varchar, os varchar,
                        e10senabled boolean, e10scohort varchar))
                ORDER BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
            ) AS pings
        FROM client_activity_view
        WHERE client_id IS NOT NULL AND activitydate IS NOT NULL
        GROUP BY client_id
    )
)
SELECT
    client_id,
    element_at(pings, -1).os AS os,
    element_at(pings, -1).normalizedchannel AS normalized_channel,
    CAST(crc32(to_utf8(client_id)) % 100 AS integer) AS sample_id,
    transform(pings, p -> p.activitydate) AS activitydate,
    IF(any_match(pings, p -> p.normalizedchannel IS NOT NULL), transform(pings, p -> p.normalizedchannel)) AS normalizedchannel,
    IF(any_match(pings, p -> p.country IS NOT NULL), transform(pings, p -> p.country)) AS country,
    IF(any_match(pings, p -> p.version IS NOT NULL), transform(pings, p -> p.version)) AS version,
    IF(any_match(pings, p -> p.os IS NOT NULL), transform(pings, p -> p.os)) AS os_history,
    IF(any_match(pings, p -> p.e10senabled IS NOT NULL), transform(pings, p -> p.e10senabled)) AS e10senabled,
    IF(any_match(pings, p -> p.e10scohort IS NOT NULL), transform(pings, p -> p.e10scohort)) AS e10scohort
FROM histories;
