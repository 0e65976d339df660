-- client_count for people: client_count_daily with sketches of the type HLL, which merge and cardinality take as
-- they are. The queries here cast hll all the same, which costs nothing, and so run on a table as well.
CREATE OR REPLACE VIEW client_count AS
SELECT
    activitydate,
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    cast(hll AS HLL) AS hll
FROM client_count_daily;
