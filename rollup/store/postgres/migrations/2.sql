-- Rows of roll-ups added over OS versions and added dimensions. Requests that name neither read them: at 10 million rows of roll-ups a
-- metric has up to a hundred times fewer of them. Version 3 has another form of it, and fills it.
CREATE TABLE headcount_rollup.summaries (
    kind text NOT NULL,
    channel text NOT NULL,
    version text NOT NULL,
    metric text NOT NULL,
    date text NOT NULL,
    label text NOT NULL,
    process text NOT NULL,
    application text NOT NULL,
    architecture text NOT NULL,
    os text NOT NULL,
    histogram bigint[] NOT NULL,
    sum bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (kind, channel, version, metric, date, label, process, application, architecture, os)
);
