-- Rows of roll-ups. key is a digest of all dimensions: a unique index over the columns themselves would be as large as the table.
-- A bucket of 0 is NULL in histogram, which takes a bit instead of 8 bytes.
CREATE TABLE headcount_rollup.rollups (
    kind text NOT NULL,
    channel text NOT NULL,
    key uuid NOT NULL,
    version text NOT NULL,
    date text NOT NULL,
    metric text NOT NULL,
    label text NOT NULL,
    process text NOT NULL,
    application text NOT NULL,
    architecture text NOT NULL,
    os text NOT NULL,
    os_version text NOT NULL,
    extra jsonb NOT NULL,
    histogram bigint[] NOT NULL,
    sum bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (kind, channel, key)
) PARTITION BY LIST (kind);

CREATE TABLE headcount_rollup.rollups_build_id PARTITION OF headcount_rollup.rollups
    FOR VALUES IN ('build_id') PARTITION BY LIST (channel);
CREATE TABLE headcount_rollup.rollups_submission_date PARTITION OF headcount_rollup.rollups
    FOR VALUES IN ('submission_date') PARTITION BY LIST (channel);

CREATE INDEX rollups_by_metric ON headcount_rollup.rollups (version, metric, date);

-- The days that were loaded, with a digest of their rows.
CREATE TABLE headcount_rollup.loads (
    kind text NOT NULL,
    submission_date text NOT NULL,
    digest text NOT NULL,
    rows bigint NOT NULL,
    dimensions text[] NOT NULL,
    loaded timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, submission_date)
);

CREATE TABLE headcount_rollup.dates (
    kind text NOT NULL,
    channel text NOT NULL,
    version text NOT NULL,
    date text NOT NULL,
    PRIMARY KEY (kind, channel, version, date)
);

-- Values of columns, for the choices of a dashboard. That of os has the version as its second value.
CREATE TABLE headcount_rollup.filters (
    channel text NOT NULL,
    version text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    second text NOT NULL DEFAULT '',
    PRIMARY KEY (channel, version, name, value, second)
);

-- a + b, or the limit of bigint in the direction of the overflow.
CREATE FUNCTION headcount_rollup.add(a bigint, b bigint) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE
        WHEN a > 0 AND b > 9223372036854775807 - a THEN 9223372036854775807
        WHEN a < 0 AND b < (-9223372036854775807 - 1) - a THEN (-9223372036854775807 - 1)
        ELSE a + b
    END
$$;

-- The sum of two arrays of buckets. The shorter one is read as if it ended with zeros, NULL as 0.
CREATE FUNCTION headcount_rollup.add_buckets(a bigint[], b bigint[]) RETURNS bigint[] IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    x bigint;
    y bigint;
BEGIN
    IF cardinality(a) < cardinality(b) THEN
        RETURN headcount_rollup.add_buckets(b, a);
    END IF;
    FOR i IN 1 .. cardinality(b) LOOP
        y := b[i];
        IF y IS NOT NULL THEN
            x := a[i];
            IF x IS NULL THEN
                a[i] := y;
            ELSIF x BETWEEN 0 AND 4611686018427387903 AND y BETWEEN 0 AND 4611686018427387903 THEN
                a[i] := x + y;
            ELSE
                a[i] := headcount_rollup.add(x, y);
            END IF;
        END IF;
    END LOOP;
    RETURN a;
END
$$;

-- The sum of two histogram arrays, which end with sum and count.
CREATE FUNCTION headcount_rollup.add_histograms(a bigint[], b bigint[]) RETURNS bigint[] IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    n int := cardinality(a);
    m int := cardinality(b);
BEGIN
    IF m < 2 THEN
        RAISE EXCEPTION 'a histogram array must end with sum and count' USING ERRCODE = 'data_exception';
    END IF;
    IF n = 0 THEN
        RETURN b;
    END IF;
    RETURN headcount_rollup.add_buckets(a[1:n-2], b[1:m-2])
        || headcount_rollup.add(a[n-1], b[m-1]) || headcount_rollup.add(a[n], b[m]);
END
$$;

CREATE AGGREGATE headcount_rollup.aggregate_histograms(bigint[]) (
    SFUNC = headcount_rollup.add_histograms,
    STYPE = bigint[],
    INITCOND = '{}',
    COMBINEFUNC = headcount_rollup.add_histograms,
    PARALLEL = SAFE
);
