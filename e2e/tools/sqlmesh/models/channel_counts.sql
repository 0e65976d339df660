MODEL (
  name sqlmesh_headcount.channel_counts,
  kind VIEW
);

SELECT
  normalizedchannel,
  activitydate,
  hll_cardinality(hll_merge(hll)) AS clients
FROM sqlmesh_headcount.client_count
GROUP BY normalizedchannel, activitydate
