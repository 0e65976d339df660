-- Partitions: a day by a column of the files, and by the partition column.
SELECT channel, count(*) AS pings
FROM practices.pings
WHERE date_trunc('day', creation_time) = TIMESTAMP '2016-10-28 00:00:00'
GROUP BY channel
ORDER BY channel;

SELECT channel, count(*) AS pings
FROM practices.pings
WHERE submission_date = DATE '2016-10-28'
GROUP BY channel
ORDER BY channel;
