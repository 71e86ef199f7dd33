"""PostgreSQL and Valkey for one machine, started from the binaries that the locked packages carry."""
