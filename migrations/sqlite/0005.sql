-- 0005: the connections of a sheet are found by the sheet.
CREATE INDEX connection_sheet ON connection (network_id, sheet_id);
