{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='activitydate',
    on_schema_change='fail',
    properties={'format': "'PARQUET'", 'partitioning': "ARRAY['activitydate']"}
) }}
SELECT
    activitydate,
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    cast(hll_agg(client_id, 12) AS VARBINARY) AS hll
FROM {{ source('telemetry', 'client_activity') }}
WHERE activitydate BETWEEN DATE '{{ var("first_day") }}' AND DATE '{{ var("last_day") }}'
GROUP BY activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort
