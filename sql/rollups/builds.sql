-- A measure by build: every day of submission of a build is added up in one query, whatever the number of days.
--   count          histograms that were added, one for each ping that has the measure
--   samples        recorded values
--   mean, p50, p95, p99
-- Parameters: channel, version and metric; kind, low, high and n of the metric's definition, from which the buckets
-- follow. Tables: tables.sql.
WITH parameters (in_channel, in_version, of_metric, kind, low, high, n) AS (
    VALUES ('nightly', '51', 'GC_MS', 'exponential', 1, 10000, 50)
),
sums AS (
    SELECT build_id, aggregate_histograms(histogram || ARRAY[sum, count]) AS h
    FROM rollups_by_build_id
    JOIN parameters ON channel = in_channel AND version = in_version AND metric = of_metric
    GROUP BY build_id
),
histograms AS (
    SELECT
        build_id,
        slice(h, 1, cardinality(h) - 2) AS counts,
        element_at(h, -1) AS count,
        histogram_buckets(kind, low, high, n) AS buckets
    FROM sums
    CROSS JOIN parameters
)
SELECT
    build_id,
    count,
    reduce(counts, CAST(0 AS BIGINT), (s, x) -> s + x, s -> s) AS samples,
    histogram_mean(buckets, counts) AS mean,
    histogram_percentile(buckets, counts, 50) AS p50,
    histogram_percentile(buckets, counts, 95) AS p95,
    histogram_percentile(buckets, counts, 99) AS p99
FROM histograms
ORDER BY build_id;
