-- Skew: rows by channel. All rows of a channel go to one worker when they are counted by channel; of client_count it is one
-- row per day and operating system, whatever the number of clients.
SELECT channel, count(*) AS rows_of_the_group
FROM practices.pings
GROUP BY channel
ORDER BY rows_of_the_group DESC;

SELECT channel, count(*) AS rows_of_the_group
FROM practices.client_count
GROUP BY channel
ORDER BY rows_of_the_group DESC;
