-- The SHA-256 of a day's file. A file that has it is known without reading its rows; NULL for a day that an older version loaded.
ALTER TABLE headcount_rollup.loads ADD COLUMN IF NOT EXISTS file_digest text;
