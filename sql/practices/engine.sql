-- Work in the engine: the ids of a week for a program that counts them, and the counts.
SELECT submission_date, channel, client_id
FROM practices.pings
WHERE submission_date BETWEEN DATE '2016-10-22' AND DATE '2016-10-28';

SELECT submission_date, channel, count(DISTINCT client_id) AS dau
FROM practices.pings
WHERE submission_date BETWEEN DATE '2016-10-22' AND DATE '2016-10-28'
GROUP BY submission_date, channel;
