{{ config(materialized='view') }}
SELECT
    normalizedchannel,
    activitydate,
    hll_cardinality(hll_merge(hll)) AS clients
FROM {{ ref('client_count') }}
GROUP BY normalizedchannel, activitydate
