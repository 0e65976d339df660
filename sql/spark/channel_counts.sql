-- Clients by channel and day, newest day first.
SELECT normalizedchannel, activitydate, hll_cardinality(hll_merge(hll)) AS hll
FROM client_count
GROUP BY activitydate, normalizedchannel
ORDER BY normalizedchannel NULLS LAST, activitydate DESC;
