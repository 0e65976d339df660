-- One row for each client and day with the days on which the client was seen, of the 28 days to that day, in one integer: bit 0 is the day
-- itself, bit 27 the day 27 days before. A client that was not seen in the 28 days has no row.
-- The INSERT makes the days from first_day to last_day. Existing rows of a day are replaced: run it again after late pings.
CREATE TABLE IF NOT EXISTS days_seen (
    client_id varchar,
    days_seen_bits bigint,
    day date
)
WITH (
    format = 'PARQUET',
    partitioned_by = ARRAY['day']
);

SET SESSION hive.insert_existing_partitions_behavior = 'OVERWRITE';

INSERT INTO days_seen (client_id, days_seen_bits, day)
WITH parameters (first_day, last_day) AS (VALUES (DATE '2016-11-20', DATE '2016-12-10'))
SELECT
    client_id,
    bitwise_or_agg(bitwise_left_shift(CAST(1 AS bigint), CAST(date_diff('day', activitydate, day) AS integer))) AS days_seen_bits,
    day
FROM client_activity_view
JOIN parameters ON activitydate BETWEEN date_add('day', -27, first_day) AND last_day
CROSS JOIN UNNEST(sequence(greatest(activitydate, first_day), least(date_add('day', 27, activitydate), last_day))) AS days (day)
GROUP BY client_id, day;

RESET SESSION hive.insert_existing_partitions_behavior;
