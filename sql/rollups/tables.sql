-- The partial aggregates that `headcount-rollup aggregate -o FOLDER` writes, as tables of the hive catalog. Replace the
-- locations by those of FOLDER/build_id and FOLDER/submission_date. A file with added dimensions has a column for each;
-- they are read by name. Run the CALLs again after each new day.
CREATE TABLE rollups_by_build_id (
    channel varchar,
    version varchar,
    build_id varchar,
    application varchar,
    architecture varchar,
    os varchar,
    os_version varchar,
    e10s_enabled varchar,
    metric varchar,
    label varchar,
    process varchar,
    histogram array(bigint),
    sum bigint,
    count bigint,
    submission_date varchar
)
WITH (
    format = 'PARQUET',
    external_location = 'local:///rollups/build_id',
    partitioned_by = ARRAY['submission_date']
);

CREATE TABLE rollups_by_submission_date (
    channel varchar,
    version varchar,
    build_id varchar,
    application varchar,
    architecture varchar,
    os varchar,
    os_version varchar,
    e10s_enabled varchar,
    metric varchar,
    label varchar,
    process varchar,
    histogram array(bigint),
    sum bigint,
    count bigint,
    submission_date varchar
)
WITH (
    format = 'PARQUET',
    external_location = 'local:///rollups/submission_date',
    partitioned_by = ARRAY['submission_date']
);

CALL system.sync_partition_metadata(CURRENT_SCHEMA, 'rollups_by_build_id', 'FULL');

CALL system.sync_partition_metadata(CURRENT_SCHEMA, 'rollups_by_submission_date', 'FULL');
