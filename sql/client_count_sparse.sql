-- hive.default.client_count_sparse: the rows of client_count with sketches in the sparse form where that is
-- shorter. Needs client_count.sql.
-- Parameter: external_location, the directory that holds the Parquet files.
CREATE TABLE IF NOT EXISTS client_count_sparse (LIKE client_count)
WITH (
    format = 'PARQUET',
    external_location = 'local:///fixture/client_count_sparse'
);
