-- The engagement of electrolysis (e10s): DAU, WAU, MAU and ER by cohort on one channel, compared with the ER of the
-- control cohort on the same day.
--   er                  dau / mau; NULL if mau is 0
--   er_lower, er_upper  bounds of er: the lower bound of dau over the upper bound of mau, and the reverse, each at
--                       2 sigmas. They hold in at least 9 of 10 cases
--   er_over_control     er minus the er of the control cohort
--   beyond_bounds       true if the bounds of the two do not overlap; if they do, the sketches show no difference
-- Parameters: first_day and last_day of the result (the 27 days before first_day must be in the table), the channel,
-- and the control cohort. Windows are calendar days, as in engagement.sql.
WITH parameters (first_day, last_day, channel, control) AS (
    VALUES (DATE '2016-10-02', DATE '2016-11-03', 'beta', 'control')
),
daily AS (
    SELECT e10scohort, activitydate, hll_merge(hll) AS clients
    FROM client_count
    JOIN parameters
        ON normalizedchannel = channel AND activitydate BETWEEN first_day - INTERVAL '27' DAY AND last_day
    GROUP BY e10scohort, activitydate
),
windows AS (
    SELECT
        e10scohort,
        activitydate,
        clients AS day,
        hll_merge(clients) OVER (
            PARTITION BY e10scohort ORDER BY activitydate
            RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW) AS week,
        hll_merge(clients) OVER (
            PARTITION BY e10scohort ORDER BY activitydate
            RANGE BETWEEN INTERVAL '27' DAY PRECEDING AND CURRENT ROW) AS month
    FROM daily
),
ratios AS (
    SELECT
        e10scohort,
        activitydate,
        hll_cardinality(day) AS dau,
        hll_cardinality(week) AS wau,
        hll_cardinality(month) AS mau,
        cast(hll_cardinality(day) AS DOUBLE) / nullif(hll_cardinality(month), 0) AS er,
        hll_bounds(day, 2).lower / nullif(hll_bounds(month, 2).upper, 0) AS er_lower,
        CASE
            WHEN hll_cardinality(month) > 0 THEN least(1e0, hll_bounds(day, 2).upper / hll_bounds(month, 2).lower)
        END AS er_upper
    FROM windows
    JOIN parameters ON activitydate BETWEEN first_day AND last_day
),
controls AS (
    SELECT activitydate, er, er_lower, er_upper FROM ratios JOIN parameters ON e10scohort = control
)
SELECT
    r.e10scohort,
    r.activitydate,
    r.dau,
    r.wau,
    r.mau,
    r.er,
    r.er_lower,
    r.er_upper,
    r.er - c.er AS er_over_control,
    r.er_lower > c.er_upper OR r.er_upper < c.er_lower AS beyond_bounds
FROM ratios AS r
LEFT JOIN controls AS c ON r.activitydate = c.activitydate
ORDER BY r.e10scohort, r.activitydate;
