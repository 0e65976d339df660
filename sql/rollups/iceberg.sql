-- The roll-ups by build of many days as an Iceberg table with one row for each set of dimensions: a query of a build
-- then reads one row and not one for each day of submission. The queries run over either table. Run it in the schema of
-- the new table; hive.rollups is the schema of tables.sql.
CREATE TABLE rollups_by_build_id
WITH (partitioning = ARRAY['channel', 'version'], sorted_by = ARRAY['metric'])
AS
SELECT
    channel,
    version,
    build_id,
    application,
    architecture,
    os,
    os_version,
    e10s_enabled,
    metric,
    label,
    process,
    slice(h, 1, cardinality(h) - 2) AS histogram,
    element_at(h, -2) AS sum,
    element_at(h, -1) AS count
FROM (
    SELECT
        channel,
        version,
        build_id,
        application,
        architecture,
        os,
        os_version,
        e10s_enabled,
        metric,
        label,
        process,
        aggregate_histograms(histogram || ARRAY[sum, count]) AS h
    FROM hive.rollups.rollups_by_build_id
    GROUP BY
        channel,
        version,
        build_id,
        application,
        architecture,
        os,
        os_version,
        e10s_enabled,
        metric,
        label,
        process
);
