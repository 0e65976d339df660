-- The figures of engagement.sql, exact, from client_activity. Compare them with the figures from sketches. The query
-- keeps and sorts the days of every client, so it needs more memory and time.
-- Parameters: first_day, last_day and the segment, as in engagement.sql.
-- A client counts for n days after a day of activity, or until its next day of activity, which starts the n days again.
-- So each day of activity adds 1 on its first day and subtracts 1 after its last day. The running sum is the number of
-- clients.
WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-10-02', DATE '2016-11-03')),
segments AS (
    SELECT normalizedchannel AS segment, activitydate, client_id
    FROM client_activity
),
active AS (
    SELECT DISTINCT segment, activitydate, client_id
    FROM segments
    JOIN parameters ON activitydate BETWEEN first_day - INTERVAL '27' DAY AND last_day
),
days AS (
    SELECT
        segment,
        activitydate,
        lead(activitydate, 1, DATE '9999-12-31') OVER (PARTITION BY segment, client_id ORDER BY activitydate) AS next_day
    FROM active
),
steps AS (
    SELECT segment, step.day, sum(step.dau) AS dau, sum(step.wau) AS wau, sum(step.mau) AS mau
    FROM days
    CROSS JOIN UNNEST(
        ARRAY[
            activitydate,
            least(next_day, activitydate + INTERVAL '1' DAY),
            least(next_day, activitydate + INTERVAL '7' DAY),
            least(next_day, activitydate + INTERVAL '28' DAY)
        ],
        ARRAY[1, -1, 0, 0],
        ARRAY[1, 0, -1, 0],
        ARRAY[1, 0, 0, -1]
    ) AS step (day, dau, wau, mau)
    GROUP BY segment, step.day
),
counts AS (
    SELECT
        segment,
        day AS activitydate,
        sum(dau) OVER (PARTITION BY segment ORDER BY day) AS dau,
        sum(wau) OVER (PARTITION BY segment ORDER BY day) AS wau,
        sum(mau) OVER (PARTITION BY segment ORDER BY day) AS mau
    FROM steps
)
SELECT segment, activitydate, dau, wau, mau, cast(dau AS DOUBLE) / mau AS er
FROM counts
JOIN parameters ON activitydate BETWEEN first_day AND last_day
WHERE dau > 0
ORDER BY segment, activitydate;
