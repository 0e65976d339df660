-- client_count: client_count_daily with sketches of the type HLL, which merge and cardinality accept without a cast. The
-- queries of sql/ cast hll anyway, so they run on the table too. The cast of an HLL to HLL costs nothing.
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
