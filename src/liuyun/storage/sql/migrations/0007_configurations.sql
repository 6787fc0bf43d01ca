-- What is set for functions by qualifier: instances kept, limits, asynchronous invocations. `document` is the whole of it.
CREATE TABLE configurations (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    qualifier  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, service, function, qualifier, kind)
);
