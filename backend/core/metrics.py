"""Prometheus metrics of a process, and of the installation as the database shows it."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

HTTP_SECONDS = Histogram("chengdan_http_seconds", "Server time of a request", ["method", "route", "status"])
RELAY_EVENTS = Counter("chengdan_relay_events", "Events handed to their handlers", ["kind", "result"])
LEAD_ASSIGN_SECONDS = Histogram(
    "chengdan_lead_assign_seconds", "From receipt of a lead to its assignment", buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60, 600)
)
LIVE_STREAMS = Gauge("chengdan_live_streams", "Open streams of live events")

INSTALLATION = CollectorRegistry()
"""Asked of the database at each scrape: the workers have no port of their own."""
OUTBOX_OPEN = Gauge("chengdan_outbox_open_events", "Events that wait for their handlers, counted up to 10000", registry=INSTALLATION)
OUTBOX_OLDEST = Gauge("chengdan_outbox_oldest_open_seconds", "Age of the oldest event that waits; 0 when none does", registry=INSTALLATION)
OUTBOX_DEAD = Gauge("chengdan_outbox_dead_events", "Events given up, which wait for a person, counted up to 10000", registry=INSTALLATION)
