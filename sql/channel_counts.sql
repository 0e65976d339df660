-- Clients by channel and day, newest day first, from hive.default.client_count: the query as the original's users wrote it.
-- A tool that does not know the type HLL takes hll_cardinality(hll_merge(hll)) instead: docs/sql-tools.md.
SELECT normalizedchannel, activitydate,
       cardinality(merge(cast(hll AS HLL))) AS hll
FROM client_count
GROUP BY activitydate, normalizedchannel
ORDER BY normalizedchannel, activitydate DESC;
