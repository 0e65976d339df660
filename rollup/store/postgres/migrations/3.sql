-- What is known of a metric on a date, added up over OS versions and added dimensions: rows of label, process, application,
-- architecture, os, histogram, sum and count in one value (packed.go). Requests that name neither OS version nor added dimensions read
-- them. The program fills the table from rollups. The values are small already: compression would cost time and save little.
DROP TABLE headcount_rollup.summaries;
CREATE TABLE headcount_rollup.summaries (
    kind text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    metric text COLLATE "C" NOT NULL,
    date text COLLATE "C" NOT NULL,
    rows bytea NOT NULL,
    PRIMARY KEY (kind, channel, version, metric, date)
);
ALTER TABLE headcount_rollup.summaries ALTER COLUMN rows SET STORAGE EXTERNAL;

-- Keys begin with 4 bytes of the digest of version and metric, so that rows of a metric are near each other in the index (stage.go).
UPDATE headcount_rollup.rollups SET key = (
    encode(substring(sha256(convert_to(version, 'UTF8') || '\x00' || convert_to(metric, 'UTF8')) FOR 4), 'hex')
    || substr(replace(key::text, '-', ''), 9))::uuid;

-- The key first: it differs where kind and channel are the same for most rows.
ALTER TABLE headcount_rollup.rollups DROP CONSTRAINT rollups_pkey;
ALTER TABLE headcount_rollup.rollups ADD PRIMARY KEY (key, kind, channel);
