-- Growth by segment, period after period: how many clients are new, returning and lost against the period before.
--   clients    active in the period
--   returning  active in it and in the one before, by intersection
--   new        active in it and not in the one before
--   lost       active in the one before and not in it
-- Each with bounds at 2 sigmas: those of returning are the intersection's own; those of new and lost take the least
-- of one and the most of the other, and are wider than they need be. A small number beside large ones is uncertain:
-- where a lower bound is 0 there may be none.
-- Parameters: first_day, the days of a period (7, or 28), last_day (a period that would end later is left out), and
-- the segment: any expression over the dimensions ('all' for all clients), with a WHERE for a part of the clients.
-- Periods are of calendar days, so that a day without data shortens none. A client that changes segment is lost to
-- one and new to the other.
WITH parameters (first_day, last_day, days) AS (VALUES (DATE '2016-09-05', DATE '2016-11-03', 7)),
segments AS (
    SELECT normalizedchannel AS segment, activitydate, cast(hll AS HLL) AS clients
    FROM client_count
),
periods AS (
    SELECT segment, date_diff('day', first_day, activitydate) / days AS period, merge(clients) AS clients
    FROM segments
    JOIN parameters ON activitydate BETWEEN first_day AND last_day
    GROUP BY 1, 2
),
-- Each period's clients twice: as those of now, and as those of before to the period that follows.
pairs AS (
    SELECT
        segment,
        period + following AS period,
        coalesce(merge(clients) FILTER (WHERE following = 0), empty_hll(min(hll_precision(clients)))) AS now,
        coalesce(merge(clients) FILTER (WHERE following = 1), empty_hll(min(hll_precision(clients)))) AS before
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
        hll_intersection(now, before) AS returning
    FROM pairs
)
SELECT
    segment,
    first_day + period * days * INTERVAL '1' DAY AS period_begins,
    round(clients) AS clients,
    round(returning.estimate) AS returning,
    round(returning.lower) AS returning_lower,
    round(returning.upper) AS returning_upper,
    round(greatest(0, clients - returning.estimate)) AS new,
    round(greatest(0, now.lower - returning.upper)) AS new_lower,
    round(greatest(0, now.upper - returning.lower)) AS new_upper,
    round(greatest(0, clients_before - returning.estimate)) AS lost,
    round(greatest(0, before.lower - returning.upper)) AS lost_lower,
    round(greatest(0, before.upper - returning.lower)) AS lost_upper
FROM counts
CROSS JOIN parameters
WHERE period >= 1 AND first_day + (period + 1) * days * INTERVAL '1' DAY <= last_day + INTERVAL '1' DAY
ORDER BY segment, period;
