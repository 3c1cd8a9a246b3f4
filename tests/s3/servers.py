"""The servers that tests/s3/run has started: a URL for each name."""

import os

SERVERS = dict(named.split("=", 1) for named in os.environ["EVODB_S3_SERVERS"].split())
