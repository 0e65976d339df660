-- Churn by channel: clients last seen more than 30 days before the end of the data.
WITH ends AS (SELECT max(element_at(activitydate, -1)) AS last_day FROM longitudinal)
SELECT
    normalized_channel,
    count(*) AS clients,
    count_if(date_diff('day', element_at(activitydate, -1), last_day) > 30) AS lost
FROM longitudinal
CROSS JOIN ends
GROUP BY 1
ORDER BY 1;
