-- The view that `headcount view client_activity -o FOLDER` writes, as a table of the hive catalog. Replace the location by that of FOLDER.
-- submission_date is the name of the folder: YYYYMMDD as text. Run the CALL again after each new day.
CREATE TABLE client_activity_view (
    client_id varchar,
    activitydate date,
    normalizedchannel varchar,
    country varchar,
    version varchar,
    os varchar,
    e10senabled boolean,
    e10scohort varchar,
    submission_date varchar
)
WITH (
    format = 'PARQUET',
    external_location = 'local:///views/client_activity',
    partitioned_by = ARRAY['submission_date']
);

CALL system.sync_partition_metadata(CURRENT_SCHEMA, 'client_activity_view', 'FULL');
