-- Daily, weekly and monthly active users and the engagement ratio by segment.
--   dau  clients active on the day
--   wau  clients active in the 7 days ending with it
--   mau  clients active in the 28 days ending with it
--   er   dau / mau; NULL if mau is 0
-- Parameters: first_day and last_day of the result (the 27 days before first_day must be in the table, or mau is
-- too small), and the segment: any expression over the dimensions (os, country || '/' || os, 'all'). Add a WHERE to
-- select clients.
-- A client that changes segment is counted in each. The windows are RANGE frames over dates: a day without data is
-- one of the 7 or 28 days and adds 0 clients, where a ROWS frame would reach one day further back. A day without data
-- has no row in the result.
WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-10-02', DATE '2016-11-03')),
segments AS (
    SELECT normalizedchannel AS segment, activitydate, hll AS clients
    FROM client_count
),
daily AS (
    SELECT segment, activitydate, hll_merge(clients) AS clients
    FROM segments
    JOIN parameters ON activitydate BETWEEN first_day - INTERVAL '27' DAY AND last_day
    GROUP BY segment, activitydate
),
counts AS (
    SELECT
        segment,
        activitydate,
        hll_cardinality(clients) AS dau,
        hll_cardinality(hll_merge(clients) OVER (
            PARTITION BY segment ORDER BY activitydate
            RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW)) AS wau,
        hll_cardinality(hll_merge(clients) OVER (
            PARTITION BY segment ORDER BY activitydate
            RANGE BETWEEN INTERVAL '27' DAY PRECEDING AND CURRENT ROW)) AS mau
    FROM daily
)
SELECT segment, activitydate, dau, wau, mau, cast(dau AS DOUBLE) / nullif(mau, 0) AS er
FROM counts
JOIN parameters ON activitydate BETWEEN first_day AND last_day
ORDER BY segment, activitydate;
