-- Clients by channel and day, newest day first, from hive.default.client_count.
SELECT normalizedchannel, activitydate,
       cardinality(merge(cast(hll AS HLL))) AS hll
FROM client_count
GROUP BY activitydate, normalizedchannel
ORDER BY normalizedchannel, activitydate DESC;
