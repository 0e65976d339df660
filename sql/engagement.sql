-- Daily, weekly and monthly active users and the engagement ratio by channel, from hive.default.client_count.
--   dau  clients active on the day
--   wau  clients active in the 7 days that end with it
--   mau  clients active in the 28 days that end with it
--   er   dau / mau
-- The windows are RANGE frames over dates, so that a day without data counts as a day and adds nobody; a ROWS
-- frame would reach one day further back. Days before the 28th have no whole month behind them and are left
-- out, and so are days without data.
WITH daily AS (
    SELECT normalizedchannel, activitydate, merge(cast(hll AS HLL)) AS clients
    FROM client_count
    GROUP BY normalizedchannel, activitydate
),
counts AS (
    SELECT
        normalizedchannel,
        activitydate,
        cardinality(clients) AS dau,
        cardinality(merge(clients) OVER (days RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW)) AS wau,
        cardinality(merge(clients) OVER (days RANGE BETWEEN INTERVAL '27' DAY PRECEDING AND CURRENT ROW)) AS mau
    FROM daily
    WINDOW days AS (PARTITION BY normalizedchannel ORDER BY activitydate)
)
SELECT normalizedchannel, activitydate, dau, wau, mau, cast(dau AS DOUBLE) / mau AS er
FROM counts
WHERE activitydate >= (SELECT min(activitydate) + INTERVAL '27' DAY FROM client_count)
ORDER BY normalizedchannel, activitydate;
