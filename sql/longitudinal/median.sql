-- The median of a measure by month: days between one ping of a client and the next.
SELECT date_trunc('month', day) AS month, approx_percentile(date_diff('day', before, day), 0.5) AS median_gap, count(*) AS gaps
FROM longitudinal
CROSS JOIN UNNEST(slice(activitydate, 2, cardinality(activitydate)), activitydate) AS t (day, before)
WHERE day IS NOT NULL
GROUP BY 1
ORDER BY 1;
