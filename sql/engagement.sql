-- Daily, weekly and monthly active users and the engagement ratio by segment.
--   dau  clients active on the day
--   wau  clients active in the 7 days that end with it
--   mau  clients active in the 28 days that end with it
--   er   dau / mau
-- Parameters: first_day and last_day of the result (the 27 days before first_day must be in the table, or mau is
-- too small), and the segment: any expression over the dimensions (os, country || '/' || os, 'all'), with a WHERE
-- for a part of the clients.
-- A client that changes segment counts in each. The windows are RANGE frames over dates, so that a day without data
-- counts as a day and adds nobody; a ROWS frame would reach one day further back. Such a day has no row.
WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-10-02', DATE '2016-11-03')),
segments AS (
    SELECT normalizedchannel AS segment, activitydate, cast(hll AS HLL) AS clients
    FROM client_count
),
daily AS (
    SELECT segment, activitydate, merge(clients) AS clients
    FROM segments
    JOIN parameters ON activitydate BETWEEN first_day - INTERVAL '27' DAY AND last_day
    GROUP BY segment, activitydate
),
counts AS (
    SELECT
        segment,
        activitydate,
        cardinality(clients) AS dau,
        cardinality(merge(clients) OVER (days RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW)) AS wau,
        cardinality(merge(clients) OVER (days RANGE BETWEEN INTERVAL '27' DAY PRECEDING AND CURRENT ROW)) AS mau
    FROM daily
    WINDOW days AS (PARTITION BY segment ORDER BY activitydate)
)
SELECT segment, activitydate, dau, wau, mau, cast(dau AS DOUBLE) / mau AS er
FROM counts
JOIN parameters ON activitydate BETWEEN first_day AND last_day
ORDER BY segment, activitydate;
