-- Growth by segment and period: how many clients are new, retained and lost, compared with the period before.
--   clients    active in the period
--   retained   active in it and in the one before, by intersection
--   new        active in it and not in the one before
--   lost       active in the one before and not in it
-- Each has bounds at 2 sigmas. The bounds of retained are those of hll_intersection. The bounds of new and lost
-- combine the lower bound of one number with the upper bound of the other, so they are wider than necessary. The
-- error grows with the larger of the two periods: where a lower bound is 0, the true number may be 0.
-- Parameters: first_day; last_day (a period that ends later is omitted); days, the length of a period (7 or 28); and
-- the segment: any expression over the dimensions ('all' for all clients). Add a WHERE to select clients.
-- Periods are calendar days: a day without data does not make a period shorter. A client that changes segment is lost
-- in one segment and new in the other.
WITH parameters (first_day, last_day, days) AS (VALUES (DATE '2016-09-05', DATE '2016-11-03', 7)),
segments AS (
    SELECT normalizedchannel AS segment, activitydate, hll AS clients
    FROM client_count
),
periods AS (
    SELECT segment, date_diff('day', first_day, activitydate) / days AS period, hll_merge(clients) AS clients
    FROM segments
    JOIN parameters ON activitydate BETWEEN first_day AND last_day
    GROUP BY 1, 2
),
-- Each period appears twice: as the current period (following = 0), and as the period before the next one (1).
pairs AS (
    SELECT
        segment,
        period + following AS period,
        coalesce(hll_merge(clients) FILTER (WHERE following = 0), cast(empty_hll(min(hll_precision(clients))) AS VARBINARY)) AS now,
        coalesce(hll_merge(clients) FILTER (WHERE following = 1), cast(empty_hll(min(hll_precision(clients))) AS VARBINARY)) AS before
    FROM periods
    CROSS JOIN UNNEST(ARRAY[0, 1]) AS t (following)
    GROUP BY segment, period + following
),
counts AS (
    SELECT
        segment,
        period,
        hll_estimate(now) AS clients,
        hll_bounds(now, 2) AS now,
        hll_estimate(before) AS clients_before,
        hll_bounds(before, 2) AS before,
        hll_intersection(now, before) AS retained
    FROM pairs
)
SELECT
    segment,
    first_day + period * days * INTERVAL '1' DAY AS period_begins,
    round(clients) AS clients,
    round(retained.estimate) AS retained,
    round(retained.lower) AS retained_lower,
    round(retained.upper) AS retained_upper,
    round(greatest(0, clients - retained.estimate)) AS new,
    round(greatest(0, now.lower - retained.upper)) AS new_lower,
    round(greatest(0, now.upper - retained.lower)) AS new_upper,
    round(greatest(0, clients_before - retained.estimate)) AS lost,
    round(greatest(0, before.lower - retained.upper)) AS lost_lower,
    round(greatest(0, before.upper - retained.lower)) AS lost_upper
FROM counts
CROSS JOIN parameters
WHERE period >= 1 AND first_day + (period + 1) * days * INTERVAL '1' DAY <= last_day + INTERVAL '1' DAY
ORDER BY segment, period;
