-- Clients by the version of their first and of their last ping. Arrays are one-based, and the oldest ping is first.
SELECT version[1] AS first_version, element_at(version, -1) AS last_version, count(*) AS clients
FROM longitudinal
WHERE version IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2;
