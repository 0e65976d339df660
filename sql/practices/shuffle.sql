-- Aggregation before a shuffle: the ids of every group go through the network, or one sketch per group and worker does.
SELECT submission_date, channel, count(DISTINCT client_id) AS dau
FROM practices.pings
GROUP BY submission_date, channel
ORDER BY submission_date, channel;

SELECT submission_date, channel, hll_cardinality(hll_agg(client_id)) AS dau
FROM practices.pings
GROUP BY submission_date, channel
ORDER BY submission_date, channel;
