-- Retention: of the clients that were first seen in a week, how many were seen n weeks later. Weeks begin on Monday.
WITH weeks AS (
    SELECT DISTINCT
        client_id,
        date_trunc('week', activitydate[1]) AS first_week,
        date_trunc('week', day) AS week
    FROM longitudinal
    CROSS JOIN UNNEST(activitydate) AS t (day)
)
SELECT first_week, date_diff('week', first_week, week) AS weeks_later, count(*) AS clients
FROM weeks
GROUP BY 1, 2
ORDER BY 1, 2;
