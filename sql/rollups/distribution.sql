-- The distribution of a measure: the count of each bucket, and the share of the counts up to it, by operating system.
-- Parameters: as in builds.sql, and the build.
WITH parameters (in_channel, in_version, of_build, of_metric, kind, low, high, n) AS (
    VALUES ('nightly', '51', '20161031', 'GC_MS', 'exponential', 1, 10000, 50)
),
sums AS (
    SELECT os, histogram_sum(histogram) AS counts
    FROM rollups_by_build_id
    JOIN parameters
        ON channel = in_channel AND version = in_version AND build_id = of_build AND metric = of_metric
    GROUP BY os
),
buckets AS (
    SELECT os, bucket, samples
    FROM sums
    CROSS JOIN parameters
    CROSS JOIN UNNEST(histogram_buckets(kind, low, high, n), counts) AS u (bucket, samples)
)
SELECT
    os,
    bucket,
    samples,
    cast(sum(samples) OVER (PARTITION BY os ORDER BY bucket) AS DOUBLE)
        / nullif(sum(samples) OVER (PARTITION BY os), 0) AS cumulative
FROM buckets
ORDER BY os, bucket;
