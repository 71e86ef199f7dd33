"""Prometheus metrics of a process."""

from prometheus_client import Counter, Gauge, Histogram

HTTP_SECONDS = Histogram("chengdan_http_seconds", "Server time of a request", ["method", "route", "status"])
RELAY_EVENTS = Counter("chengdan_relay_events", "Events handed to their handlers", ["kind", "result"])
LEAD_ASSIGN_SECONDS = Histogram(
    "chengdan_lead_assign_seconds", "From receipt of a lead to its assignment", buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60, 600)
)
LIVE_STREAMS = Gauge("chengdan_live_streams", "Open streams of live events")
