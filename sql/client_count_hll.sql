-- client_count_hll: client_count with sketches of the type HLL, for people who want merge(hll) without a function around
-- the column. Optional: no query of sql/ needs it, because to_hll(hll) gives the type and the hll_ functions take bytes.
-- What it costs: the view keeps the type's name. Where the plugin is missing (uninstalled, or another cluster on the same
-- metastore) one such view makes information_schema.columns fail for the whole catalog, and tools that list columns show
-- none of any table. docs/install.md finds and drops such views before an uninstall.
CREATE OR REPLACE VIEW client_count_hll AS
SELECT
    activitydate,
    normalizedchannel,
    country,
    version,
    os,
    e10senabled,
    e10scohort,
    to_hll(hll) AS hll
FROM client_count;
