-- The tables of docs/practices.md in hive.practices: generated pings of 40,000 clients over 28 days, and the sketches of
-- them. One client in five is used on most days and sends 10 pings a day; the others are used on one day in ten and send 1.
CREATE SCHEMA IF NOT EXISTS practices;

CREATE TABLE IF NOT EXISTS practices.pings
WITH (format = 'PARQUET', partitioned_by = ARRAY['submission_date'])
AS
WITH
    clients AS (
        SELECT
            lower(to_hex(md5(to_utf8(CAST(block * 10000 + number AS VARCHAR))))) AS client_id,
            number % 5 = 0 AS heavy,
            CASE WHEN number % 100 < 90 THEN 'release' WHEN number % 100 < 97 THEN 'beta' ELSE 'nightly' END AS channel,
            CASE WHEN number % 7 = 0 THEN 'Darwin' WHEN number % 11 = 0 THEN 'Linux' ELSE 'Windows_NT' END AS os
        FROM UNNEST(sequence(0, 3)) AS blocks (block)
        CROSS JOIN UNNEST(sequence(1, 10000)) AS numbers (number)
    ),
    days AS (SELECT date_add('day', day, DATE '2016-10-01') AS submission_date FROM UNNEST(sequence(0, 27)) AS numbers (day)),
    active AS (
        SELECT client_id, heavy, channel, os, submission_date
        FROM clients
        CROSS JOIN days
        WHERE abs(from_big_endian_64(xxhash64(to_utf8(concat(client_id, CAST(submission_date AS VARCHAR))))) % 100) < IF(heavy, 80, 10)
    )
SELECT
    client_id,
    channel,
    os,
    date_add('minute', 60 * ping, CAST(submission_date AS TIMESTAMP)) AS creation_time,
    ping * 97 % 3600 AS subsession_length,
    submission_date
FROM active
CROSS JOIN UNNEST(sequence(1, IF(heavy, 10, 1))) AS pings (ping);

CREATE TABLE IF NOT EXISTS practices.client_count
WITH (format = 'PARQUET', partitioned_by = ARRAY['submission_date'])
AS
SELECT channel, os, CAST(hll_agg(client_id) AS VARBINARY) AS hll, submission_date
FROM practices.pings
GROUP BY submission_date, channel, os;
