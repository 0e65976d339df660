MODEL (
  name sqlmesh_headcount.client_count,
  kind INCREMENTAL_BY_TIME_RANGE (time_column activitydate, batch_size 30),
  columns (
    activitydate date,
    normalizedchannel varchar,
    country varchar,
    version varchar,
    os varchar,
    e10senabled boolean,
    e10scohort varchar,
    hll varbinary
  ),
  partitioned_by activitydate
);

SELECT
  activitydate,
  normalizedchannel,
  country,
  version,
  os,
  e10senabled,
  e10scohort,
  CAST(hll_agg(client_id, 12) AS VARBINARY) AS hll
FROM hive.default.client_activity
WHERE activitydate BETWEEN @start_date AND @end_date
GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
