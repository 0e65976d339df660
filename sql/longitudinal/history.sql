-- The history of one client: the day, version and channel of each ping. UNNEST of several lists at once keeps them together, since they have
-- one length. Parameter: the client.
SELECT day, pings.version, channel
FROM longitudinal
CROSS JOIN UNNEST(activitydate, longitudinal.version, normalizedchannel) AS pings (day, version, channel)
WHERE client_id = (SELECT min(client_id) FROM longitudinal)
ORDER BY 1, 2, 3;
