-- Exact DAU, WAU and MAU of each day out of days_seen, and the retention of a week: of the clients that were seen in the week before the last
-- (bits 7 to 13: 16256), the part that was seen in the last week too (bits 0 to 6: 127). Sketches of sets cannot answer the last one.
SELECT
    day,
    count_if(bitwise_and(days_seen_bits, 1) > 0) AS dau,
    count_if(bitwise_and(days_seen_bits, 127) > 0) AS wau,
    count(*) AS mau,
    CAST(count_if(bitwise_and(days_seen_bits, 127) > 0 AND bitwise_and(days_seen_bits, 16256) > 0) AS double)
        / nullif(count_if(bitwise_and(days_seen_bits, 16256) > 0), 0) AS retained
FROM days_seen
GROUP BY day
ORDER BY day;
