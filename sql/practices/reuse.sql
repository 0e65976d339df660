-- Reuse: MAU of every channel from the pings at each query, and from the sketches that one job a day made.
SELECT channel, count(DISTINCT client_id) AS mau
FROM practices.pings
GROUP BY channel
ORDER BY channel;

SELECT channel, hll_cardinality(hll_merge(hll)) AS mau
FROM practices.client_count
GROUP BY channel
ORDER BY channel;
