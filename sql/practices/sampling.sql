-- Sampling: one ping in ten, and all pings of one client in ten. Columns: all pings; the sample of pings; that of clients.
-- A client of many pings is in a sample of pings more often than one of few, so that no factor makes such a count right.
WITH
    sampled AS (
        SELECT
            client_id,
            submission_date,
            abs(from_big_endian_64(xxhash64(to_utf8(client_id))) % 10) = 0 AS client_in,
            abs(from_big_endian_64(xxhash64(to_utf8(concat(client_id, CAST(creation_time AS VARCHAR))))) % 10) = 0 AS ping_in
        FROM practices.pings
    ),
    daily AS (
        SELECT
            submission_date,
            count(DISTINCT client_id) AS every_ping,
            count(DISTINCT IF(ping_in, client_id)) * 10 AS by_ping,
            count(DISTINCT IF(client_in, client_id)) * 10 AS by_client
        FROM sampled
        GROUP BY submission_date
    ),
    monthly AS (
        SELECT
            count(DISTINCT client_id) AS every_ping,
            count(DISTINCT IF(ping_in, client_id)) * 10 AS by_ping,
            count(DISTINCT IF(client_in, client_id)) * 10 AS by_client
        FROM sampled
    )
SELECT 'mean DAU' AS figure, avg(every_ping) AS every_ping, avg(by_ping) AS by_ping, avg(by_client) AS by_client
FROM daily
UNION ALL
SELECT 'MAU', every_ping, by_ping, by_client
FROM monthly
ORDER BY figure;
